import Columns
import CommitProtocol
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
        guard try log.read().version > 0 else { return EventLogRemoval() }
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
            for (index, part) in affected.parts.enumerated() {
                rewrite.files[part.file.path] = .some(
                    try self.rewrite(part, at: index, without: rows, number: rewrite.number))
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
        /// What the names of files that take its place begin with, its folder included.
        let prefix: String
        let file: LakeFile
        let schema: Schema
        /// Whether it has records that were no rows.
        var isRejected = false
        /// Whether all its rows are to be read at once.
        var isStream = false
        /// Its rows do not count in the newest state.
        var isReplaced = false
    }

    /// The files of all commits that have rows to remove.
    private func affected(
        _ log: CommitLog, _ rows: RowSelection
    ) throws -> (parts: [Part], removal: EventLogRemoval) {
        let history = try log.read()
        var removal = EventLogRemoval()
        let parts = try (commitFiles(history) + streamFiles(history)).filter { part in
            if part.isRejected {
                let count = try DeadLetterFile.read(part.file, in: folder).count {
                    rows.mayMean($0.record)
                }
                removal.deadLetters += count
                return count > 0
            }
            let source = try self.rows(of: part)
            let count = try (0..<source.chunkCount).reduce(0) { count, chunk in
                try count + rows.select(source.read(chunk: chunk, schema: rows.schema)).count
            }
            if count > 0 { removal.count(count, isReplaced: part.isReplaced) }
            return count > 0
        }
        return (parts, removal)
    }

    private func commitFiles(_ history: LakeHistory) -> [Part] {
        let replaced = Set(history.commits.compactMap(\.replaces))
        return history.commits.flatMap { commit in
            commit.files.map { file in
                let day = file.path.split(separator: "/").first ?? ""
                return Part(
                    prefix: "\(day)/\(commit.version)", file: file, schema: commit.schema,
                    isReplaced: replaced.contains(commit.version))
            }
        }
    }

    /// What takes the place of files of a stream is not where its workers write, who remove what
    /// they do not know.
    private func streamFiles(_ history: LakeHistory) -> [Part] {
        guard let stream = history.stream else { return [] }
        let schema = Schema(stream.schema.fields + StreamColumn.fields)
        return stream.orderedParts.flatMap { part in
            let prefix = "\(LakeStreamPart.commonFolder)/\(part.partition)-\(part.from.offset)"
            let rows = part.file.map {
                Part(prefix: prefix, file: $0, schema: schema, isStream: true)
            }
            let rejected = part.rejected.map {
                Part(prefix: prefix, file: $0, schema: schema, isRejected: true)
            }
            return [rows, rejected].compactMap { $0 }
        }
    }

    /// Writes the rows of a file that stay.
    ///
    /// - Returns: the file that has them; nil when none stays.
    private func rewrite(
        _ part: Part, at index: Int, without rows: RowSelection, number: Int
    ) throws -> LakeFile? {
        let path = "\(part.prefix)-r\(number)-\(getpid())-\(index).parquet"
        let batches = try kept(of: part, without: rows)
        let schema = part.isRejected ? DeadLetterFile.schema : part.schema
        let groupRows = part.isStream ? part.file.rowCount : LakeAppend.rowGroupRows
        let writer = try asLakeError { [folder] () throws(ParquetError) in
            try ParquetWriter(
                path: "\(folder)/\(path)", schema: schema,
                options: ParquetWriterOptions(rowGroupRows: groupRows))
        }
        while let batch = try batches() {
            try asLakeError { () throws(ParquetError) in try writer.write(batch) }
        }
        // A writer that is let go leaves nothing.
        if writer.rowCount == 0 { return nil }
        try asLakeError { () throws(ParquetError) in try writer.close() }
        return try LakeFile(path, in: folder)
    }

    /// The rows of a file that stay, batch by batch.
    private func kept(
        of part: Part, without rows: RowSelection
    ) throws -> () throws -> ColumnBatch? {
        if part.isRejected {
            let letters = try DeadLetterFile.read(part.file, in: folder)
            var batches = [
                DeadLetterFile.batch(of: letters.filter { !rows.mayMean($0.record) })
            ]
            return { batches.popLast() }
        }
        let source = try self.rows(of: part)
        var next = 0
        return {
            guard next < source.chunkCount else { return nil }
            defer { next += 1 }
            let gone = try rows.select(source.read(chunk: next, schema: rows.schema))
            return try source.read(chunk: next, schema: part.schema).removing(gone)
        }
    }

    private func rows(of part: Part) throws(LakeError) -> LakeRows {
        try LakeRows(part.file, isStream: part.isStream, in: folder)
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
