public import PointInTime
public import Stores
public import Values

/// One state of a source: the commits whose rows count.
///
/// It stays readable while writers publish, because published files are never changed.
public struct LakeSnapshot: EventLogState {
    /// The source's folder.
    public let folder: String
    /// The newest version in it; 0 when nothing was appended.
    public let version: Int
    /// How many commits of intervals it has seen.
    let commitCount: Int
    /// The commits whose rows count, in order of event time.
    public let commits: [LakeCommit]
    /// The columns, as the newest commit has them; nil when nothing was appended.
    public let schema: Schema?
    /// What the stream has brought; nil when none has begun.
    let stream: LakeStream?

    init(folder: String, log: LakeHistory) {
        let replaced = Set(log.commits.compactMap(\.replaces))
        self.folder = folder
        version = log.version
        commitCount = log.commits.count
        schema = Schema.union(log.commits.last?.schema, log.stream?.schema)
        commits = log.commits.filter { !replaced.contains($0.version) }
            .sorted { $0.interval.from < $1.interval.from }
        stream = log.stream
    }

    /// The files that hold its rows.
    var files: [LakeFile] { commits.flatMap(\.files) + streamFiles }

    /// Those of the stream, by partition and place.
    var streamFiles: [LakeFile] { stream?.orderedParts.compactMap(\.file) ?? [] }

    /// Where the batch side ends; nil while no stream has begun.
    public var streamCut: StreamCut? { stream?.cut }

    /// How many rows of the stream it has.
    public var streamRowCount: Int { stream?.rowCount ?? 0 }

    /// Why a file that it lists is not the one that was published; nil when all seem to be.
    var damage: LakeError? {
        for file in files {
            let path = "\(folder)/\(file.path)"
            guard let size = LakeFiles.size(of: path) else { return .corrupt(path, "is missing") }
            if size != file.byteCount {
                return .corrupt(path, "has \(size) bytes instead of \(file.byteCount)")
            }
        }
        return nil
    }

    /// How many rows there are.
    public var rowCount: Int { files.reduce(0) { $0 + $1.rowCount } }

    /// What decides every row: the identities and files of the commits.
    public var identity: [UInt8] {
        var hasher = SHA256()
        for commit in commits { hasher.update(Array(commit.text.utf8)) }
        for part in stream?.orderedParts ?? [] where part.file != nil {
            hasher.update(Array(part.text.utf8))
        }
        return hasher.finalized()
    }

    /// The intervals whose rows count, in order of event time.
    public var intervals: [LoggedInterval] { commits.map(\.entry) }

    /// The rows of all commits; see `LakeRows`.
    public func rows(workers: Int) throws -> any BatchRows {
        try LakeRows(self, workers: workers)
    }

    /// The commit of exactly `interval`, or nil.
    public func commit(of interval: EventInterval) -> LakeCommit? {
        commits.first { $0.interval == interval }
    }
}
