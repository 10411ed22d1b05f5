import Columns
import Glibc
import Parquet
public import Stores
public import Values

// Removing rows: every file that has some is written again without them, under another name; then
// one small file, linked like a commit, says which took the place of which; then the old files are
// removed. Before the link the log is as it was; after it no state has the rows. What a killed
// removal left is no file of the log, and is removed by whoever writes next.

extension LakeSource {
    /// Removes rows from all states; see `EventLog`.
    ///
    /// - Throws: `busy`, `corrupt`, `io`, and what `rows` throws; nothing is removed then.
    public func remove(
        _ rows: RowSelection, at time: EventTime, isDryRun: Bool
    ) throws -> EventLogRemoval {
        let log = CommitLog(source: folder)
        guard try !log.read().isEmpty else { return EventLogRemoval() }
        if isDryRun { return try affected(log, rows).removal }
        let lock = try LakeLock(folder: folder)
        if lock.wasAbandoned {
            try log.sweep()
            try lock.endWork()
        }
        let affected = try affected(log, rows)
        if affected.parts.isEmpty { return affected.removal }
        try lock.beginWork()
        var rewrite = LakeRewrite(number: try log.rewrites().count + 1, publishedAt: time)
        do {
            for part in affected.parts {
                rewrite.files[part.file.path] = .some(
                    try self.rewrite(part, without: rows, number: rewrite.number))
            }
            guard try log.append(rewrite) else {
                throw LakeError(
                    .busy, "another process wrote to \(folder) at the same time",
                    hint: "run it again")
            }
        } catch {
            try log.sweep()
            try lock.endWork()
            throw error
        }
        try log.sync()
        for part in affected.parts { try LakeFiles.remove("\(folder)/\(part.file.path)") }
        try lock.endWork()
        return affected.removal
    }

    /// A file that has rows to remove.
    private struct Part {
        let commit: LakeCommit
        let file: LakeFile
        let index: Int
    }

    /// The files of all commits that have rows to remove.
    private func affected(
        _ log: CommitLog, _ rows: RowSelection
    ) throws -> (parts: [Part], removal: EventLogRemoval) {
        let commits = try log.read()
        let replaced = Set(commits.compactMap(\.replaces))
        var parts: [Part] = []
        var removal = EventLogRemoval()
        for commit in commits {
            for (index, file) in commit.files.enumerated() {
                let source = try self.rows(of: file, in: commit)
                var count = 0
                for chunk in 0..<source.chunkCount {
                    count += try rows.select(
                        source.read(chunk: chunk, schema: rows.schema)
                    ).count
                }
                if count == 0 { continue }
                parts.append(Part(commit: commit, file: file, index: index))
                removal.count(count, isReplaced: replaced.contains(commit.version))
            }
        }
        return (parts, removal)
    }

    /// Writes the rows of a file that stay.
    ///
    /// - Returns: the file that has them; nil when none stays.
    private func rewrite(
        _ part: Part, without rows: RowSelection, number: Int
    ) throws -> LakeFile? {
        let source = try self.rows(of: part.file, in: part.commit)
        let day = part.file.path.split(separator: "/").first ?? ""
        let path = "\(day)/\(part.commit.version)-r\(number)-\(getpid())-\(part.index).parquet"
        let schema = part.commit.schema
        let writer = try asLakeError { [folder] () throws(ParquetError) in
            try ParquetWriter(
                path: "\(folder)/\(path)", schema: schema,
                options: ParquetWriterOptions(rowGroupRows: LakeAppend.rowGroupRows))
        }
        for chunk in 0..<source.chunkCount {
            let gone = try rows.select(source.read(chunk: chunk, schema: rows.schema))
            let whole = try source.read(chunk: chunk, schema: schema)
            let kept = whole.removing(gone)
            try asLakeError { () throws(ParquetError) in try writer.write(kept) }
        }
        // A writer that is let go leaves nothing.
        if writer.rowCount == 0 { return nil }
        try asLakeError { () throws(ParquetError) in try writer.close() }
        return try LakeFile(path, in: folder)
    }

    private func rows(
        of file: LakeFile, in commit: LakeCommit
    ) throws(LakeError) -> LakeRows {
        var part = commit
        part.files = [file]
        return try LakeRows(LakeSnapshot(folder: folder, log: [part]))
    }
}

extension LakeFile {
    /// What there is to say of a file that was written to `path` in a source's folder.
    init(_ path: String, in folder: String) throws(LakeError) {
        let written = try asLakeError { () throws(ParquetError) in
            try ParquetFile(path: "\(folder)/\(path)")
        }
        self.init(
            path: path, rowCount: written.rowCount, byteCount: written.byteSize,
            footerDigest: SHA256.hash(written.footerBytes))
    }
}

extension ColumnBatch {
    /// The rows but those at the ascending positions `gone`.
    fileprivate func removing(_ gone: [Int32]) -> ColumnBatch {
        if gone.isEmpty { return self }
        let gone = Set(gone)
        return gathering(FixedValues((0..<Int32(rowCount)).filter { !gone.contains($0) }))
    }
}
