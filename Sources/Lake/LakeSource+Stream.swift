public import CommitProtocol
import Glibc
public import Stores
public import Values

extension LakeSource {
    /// What is recorded of the stream; see `StreamLog`.
    public func streamState() throws -> StreamLogState? {
        try CommitLog(source: folder).read().stream.map(StreamLogState.init)
    }

    /// Records the stream's beginning; see `StreamLog`.
    ///
    /// - Throws: `overlap`, `schema`, `busy`, `io`, `corrupt`.
    public func beginStream(
        schema: Schema, cut: EventTime, at positions: [Int32: Position]
    ) throws -> StreamLogState {
        let log = CommitLog(source: folder)
        try log.makeFolder()
        try beginAlone(schema, cut, in: log)
        // Who only adds partitions disturbs no append of an interval.
        return StreamLogState(try add(positions, to: log))
    }

    /// A worker's side of a partition's checkpoint; see `StreamLog`.
    public func streamCommitter(
        of partition: Int32
    ) throws -> any StreamCommitter<StreamAppend> {
        StreamLogCommitter(LakeStreamSink(source: folder, partition: partition))
    }

    /// Records that were no rows; see `StreamLog`.
    public func deadLetters(limit: Int) throws -> [DeadLetter] {
        var letters: [DeadLetter] = []
        for part in try CommitLog(source: folder).read().stream?.parts.reversed() ?? [] {
            guard letters.count < limit else { break }
            guard let file = part.rejected else { continue }
            letters = try DeadLetterFile.read(file, in: folder) + letters
        }
        return letters.suffix(max(0, limit))
    }

    /// Begins while nobody appends an interval. Processes that start together wait for each other.
    private func beginAlone(_ schema: Schema, _ cut: EventTime, in log: CommitLog) throws {
        var attempt = 0
        while try log.read().stream?.schema != schema {
            attempt += 1
            do {
                let lock = try LakeLock(folder: folder)
                defer { withExtendedLifetime(lock) {} }
                try begin(schema, cut, in: log)
            } catch let error as LakeError
                where error.code == .busy && attempt < Self.beginAttempts
            {
                usleep(10_000)
            }
        }
    }

    /// Two seconds of them.
    private static let beginAttempts = 200

    private func begin(_ schema: Schema, _ cut: EventTime, in log: CommitLog) throws {
        while true {
            let history = try log.read()
            let snapshot = LakeSnapshot(folder: folder, log: history)
            if let refusal = snapshot.refusal(streaming: schema, from: cut, to: name) {
                throw LakeError(
                    refusal.isOverlap ? .overlap : .schema, refusal.message, hint: refusal.hint)
            }
            if history.stream?.schema == schema { return }
            var commit = LakeStreamCommit(version: history.version + 1)
            commit.cut = history.stream == nil ? StreamCut(cut) : nil
            commit.schema = schema
            if try publish(commit, to: log) { return }
        }
    }

    private func add(_ positions: [Int32: Position], to log: CommitLog) throws -> LakeStream {
        while true {
            let history = try log.read()
            guard let stream = history.stream else {
                throw LakeError(.corrupt, "the stream of '\(name)' is gone from \(folder)")
            }
            let missing = positions.filter { stream.checkpoints[$0.key] == nil }
            if missing.isEmpty { return stream }
            var commit = LakeStreamCommit(version: history.version + 1)
            commit.checkpoints = missing.mapValues { Checkpoint(owner: nil, next: $0) }
            _ = try publish(commit, to: log)
        }
    }

    /// Publishes a commit of nobody's rows; false when another writer was faster.
    private func publish(
        _ commit: LakeStreamCommit, to log: CommitLog
    ) throws(LakeError) -> Bool {
        var generator = SystemRandomNumberGenerator()
        guard try log.append(commit, by: OwnerToken.random(using: &generator)) else {
            return false
        }
        try log.sync()
        return true
    }
}

extension StreamLogState {
    fileprivate init(_ stream: LakeStream) {
        let count = stream.checkpoints.keys.max().map { $0 + 1 } ?? 0
        self.init(
            cut: stream.cut.time, checkpoints: (0..<count).map { stream.checkpoints[$0] },
            rowCount: stream.rowCount,
            deadLetterCount: stream.parts.reduce(0) { $0 + ($1.rejected?.rowCount ?? 0) })
    }
}
