public import Columns
import Parquet
public import PointInTime
public import Stores
public import Values
import Workers

/// The rows of a snapshot as the engines read them: a chunk is a row group.
///
/// Columns that a file does not have, because they were added later, are null; narrower ones are
/// widened. Safe to read from several threads at a time.
public struct LakeRows: BatchRows {
    /// What one task reads.
    private enum Chunk: Sendable {
        /// A row group of a file that is open.
        case rowGroup(file: Int, Int)
        /// A file of a stream, which has one row group: there are many, so each is opened for itself.
        case streamFile(LakeFile)
    }

    private let folder: String
    private let files: [ParquetFile]
    private let chunks: [Chunk]

    /// Opens the files of `snapshot` that may hold rows of `interval`.
    ///
    /// - Parameters:
    ///   - snapshot: what to read.
    ///   - interval: the event times wanted: files of other days are left out, rows of other times
    ///     in the files are not; nil = all.
    ///   - workers: how many files to open at a time.
    /// - Throws: `corrupt` when a file is not what the log says; `io`.
    public init(
        _ snapshot: LakeSnapshot, interval: EventInterval? = nil, workers: Int = 1
    ) throws(LakeError) {
        let listed = snapshot.commits.filter { commit in
            interval.map { commit.interval.overlaps($0) } ?? true
        }.flatMap(\.files).filter { file in interval.map { file.mayHold($0) } ?? true }
        let folder = snapshot.folder
        let files = try concurrentMap(count: listed.count, workers: workers) {
            index throws(LakeError) in try listed[index].open(in: folder)
        }
        self.folder = folder
        self.files = files
        let groups = files.indices.flatMap { file in
            files[file].rowGroups.indices.map { Chunk.rowGroup(file: file, $0) }
        }
        chunks = groups + snapshot.streamFiles.map(Chunk.streamFile)
    }

    /// Opens one file.
    init(_ file: LakeFile, isStream: Bool, in folder: String) throws(LakeError) {
        self.folder = folder
        files = isStream ? [] : [try file.open(in: folder)]
        chunks =
            isStream
            ? [.streamFile(file)]
            : files[0].rowGroups.indices.map { Chunk.rowGroup(file: 0, $0) }
    }

    /// How many row groups there are.
    public var chunkCount: Int { chunks.count }

    /// How many rows chunk `chunk` has.
    public func rowCount(chunk: Int) -> Int {
        switch chunks[chunk] {
        case .rowGroup(let file, let group): files[file].rowGroups[group].rowCount
        case .streamFile(let file): file.rowCount
        }
    }

    /// Reads columns of a chunk; see `BatchRows`.
    public func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let (file, group) = try rowGroup(chunks[chunk])
        let held = schema.fields.map(\.name).filter { file.schema.index(of: $0) != nil }
        let batch = try asLakeError { () throws(ParquetError) in
            try file.read(rowGroup: group, columns: held)
        }
        let count = rowCount(chunk: chunk)
        let columns = try schema.fields.map { field throws(LakeError) in
            guard let column = batch[field.name] else {
                return Column(nullsOf: field.type, count: count)
            }
            guard let widened = column.widened(to: field.type) else {
                throw LakeError(
                    .schema,
                    "column '\(field.name)' is \(column.type) in \(file.path), "
                        + "\(field.type) is needed", hint: "types only widen")
            }
            return widened
        }
        return ColumnBatch(schema: schema, columns: columns, rowCount: count)
    }

    private func rowGroup(_ chunk: Chunk) throws(LakeError) -> (ParquetFile, Int) {
        switch chunk {
        case .rowGroup(let file, let group): return (files[file], group)
        case .streamFile(let listed):
            let file = try listed.open(in: folder)
            guard file.rowGroups.count == 1 else {
                throw .corrupt("\(folder)/\(listed.path)", "is no file of a stream")
            }
            return (file, 0)
        }
    }
}

extension LakeFile {
    /// Opens it; it must be the file that the log lists.
    func open(in folder: String) throws(LakeError) -> ParquetFile {
        let path = "\(folder)/\(path)"
        let file = try asLakeError { () throws(ParquetError) in try ParquetFile(path: path) }
        guard file.rowCount == rowCount, SHA256.hash(file.footerBytes) == footerDigest else {
            throw .corrupt(path, "is not the file that was published")
        }
        return file
    }

    /// Whether its day has an instant of `interval`.
    fileprivate func mayHold(_ interval: EventInterval) -> Bool {
        let last = EventTime(microseconds: interval.to.microseconds - 1)
        let days = [interval.from, last].map {
            "ds=\(CivilDate(daysSinceEpoch: $0.daysSinceEpoch))"
        }
        guard let day = path.split(separator: "/").first.map(String.init) else { return true }
        // Days of four-digit years sort as text; others are read to be safe.
        guard (days + [day]).allSatisfy({ $0.utf8.count == 13 }) else { return true }
        return days[0] <= day && day <= days[1]
    }
}
