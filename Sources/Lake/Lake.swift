public import Stores
public import Values

/// The offline store without a server: an append-only event log per source, as Parquet files by
/// event day.
///
/// A source's folder holds `ds=YYYY-MM-DD/*.parquet`, `stream/p=N/*.parquet` for rows of a stream,
/// and `_log` with one small file for each append, which lists the files it brought. Only what the
/// log lists exists. One process at a time appends intervals to a source, and one worker of a stream
/// those of each partition; any number reads, each from a snapshot that does not change. An append
/// is whole or absent, whatever ends the process.
public struct Lake: OfflineStore {
    let folder: String

    /// The lake in `folder`, which need not exist.
    public init(folder: String) {
        self.folder = folder
    }

    /// The event log of the source `name`.
    ///
    /// - Throws: `name` when it cannot be a folder's.
    public func eventLog(of name: String) throws -> any EventLog { try source(name) }

    /// The sources that have a folder, by name.
    public func sources() throws -> [String] {
        try LakeFiles.names(in: folder).filter { name in
            name.first != "_" && name.first != "." && LakeFiles.exists("\(folder)/\(name)/_log")
        }
    }

    /// The same, as the lake's own type.
    ///
    /// - Throws: `name` when it cannot be a folder's.
    public func source(_ name: String) throws(LakeError) -> LakeSource {
        guard let first = name.first, first != "_", first != ".", !name.contains("/"),
            !name.contains("\0")
        else { throw LakeError(.name, "'\(name)' cannot be a source of the lake") }
        return LakeSource(name: name, folder: "\(folder)/\(name)")
    }
}

/// The event log of one source.
public struct LakeSource: EventLog {
    /// The source.
    public let name: String
    let folder: String

    /// The log as it is, or as it was; see `EventLog`.
    public func state(at point: LogPoint) throws -> any EventLogState {
        try snapshot(at: point)
    }

    /// The same, as the lake's own type.
    ///
    /// - Returns: an empty one when nothing was appended.
    /// - Throws: `corrupt` when the log is damaged or a file it lists is missing or cut; `io`.
    public func snapshot(at point: LogPoint = .newest) throws(LakeError) -> LakeSnapshot {
        let log = CommitLog(source: folder)
        var snapshot = LakeSnapshot(folder: folder, log: try log.read(upTo: point))
        while let damage = snapshot.damage {
            // Files go when rows are removed, maybe between reading the log and looking for them.
            let again = LakeSnapshot(folder: folder, log: try log.read(upTo: point))
            guard again.identity != snapshot.identity else { throw damage }
            snapshot = again
        }
        return snapshot
    }

    /// Appends the rows of an interval as a whole, once; see `EventLog`.
    ///
    /// - Throws: `busy`, `overlap`, `schema`, `io`, `corrupt`, and what `rows` throws; nothing is
    ///   appended then.
    public func append(
        _ interval: EventInterval, identity: [UInt8], schema: Schema, at time: EventTime,
        rows: (any EventLogWriter) throws -> Void
    ) throws -> EventLogReceipt {
        if let done = try unchanged(interval, identity) { return done }
        let log = CommitLog(source: folder)
        try log.makeFolder()
        let lock = try LakeLock(folder: folder)
        if lock.wasAbandoned {
            try log.sweep()
            try lock.endWork()
        }
        // Somebody may have been at it before the lock was taken.
        if let done = try unchanged(interval, identity) { return done }
        let snapshot = try snapshot()
        if let refusal = snapshot.refusal(appending: interval, schema, to: name) {
            throw LakeError(
                refusal.isOverlap ? .overlap : .schema, refusal.message, hint: refusal.hint)
        }
        try lock.beginWork()
        let append = LakeAppend(
            source: folder, interval: interval, schema: schema, version: snapshot.version + 1)
        var commit: LakeCommit
        do {
            try rows(append)
            commit = LakeCommit(
                version: snapshot.version + 1, interval: interval, identity: identity,
                publishedAt: time, replaces: snapshot.commit(of: interval)?.version, schema: schema,
                files: try append.close())
            while !(try log.append(commit)) {
                // Workers of a stream publish without the lock; nobody else does.
                let newest = try log.read()
                guard newest.commits.count == snapshot.commitCount else {
                    throw LakeError(
                        .busy, "another process published to \(folder) at the same time",
                        hint: "run it again")
                }
                commit.version = newest.version + 1
            }
        } catch {
            try append.abandon()
            try lock.endWork()
            throw error
        }
        // The commit counts already: from here on nothing may be removed.
        try log.sync()
        try lock.endWork()
        return EventLogReceipt(entry: commit.entry, isNew: true, counts: append.counts)
    }

    private func unchanged(
        _ interval: EventInterval, _ identity: [UInt8]
    ) throws(LakeError) -> EventLogReceipt? {
        guard let commit = try snapshot().commit(of: interval), commit.identity == identity else {
            return nil
        }
        return EventLogReceipt(entry: commit.entry, isNew: false, counts: EventLogCounts())
    }
}
