import Columns
import CommitProtocol
import Parquet
import Records
import Stores
import Values

// A commit is one small file that is linked under the next number of the log, which fails when
// another is there: so whoever publishes has seen every commit before, the newest claim of the
// partition among them. Rows are written before that to files that nobody knows, in the name of the
// worker's token; the next owner removes those that were never published.

/// Writes rows of one partition of a stream to a source's folder.
final class LakeStreamSink: StreamLogSink {
    private let source: String
    private let partition: Int32
    private let log: CommitLog
    private var history = LakeHistory()
    /// What was written and is not published yet.
    private var pending: LakeStreamPart?

    init(source: String, partition: Int32) {
        self.source = source
        self.partition = partition
        log = CommitLog(source: source)
    }

    func release() {
        _ = try? storeErrors { () throws(LakeError) in try dropPending() }
    }

    func watch() throws(StoreError) -> Checkpoint? {
        try storeErrors { () throws(LakeError) in
            try log.advance(&history)
            return history.stream?.checkpoints[partition]
        }
    }

    func write(
        _ append: StreamAppend?, _ checkpoint: Checkpoint, over old: Checkpoint
    ) throws(StoreError) -> CommitEvent {
        guard let stream = history.stream, let token = checkpoint.owner else { return .aborted }
        var part: LakeStreamPart?
        if let append {
            let prepared = try PreparedAppend(
                append, from: old.next, cut: stream.cut, schema: stream.schema)
            part = try storeErrors { () throws(LakeError) in
                try write(prepared, from: old.next, to: checkpoint.next, token)
            }
        }
        return try storeErrors { () throws(LakeError) in
            guard try publish(part, at: append?.time, checkpoint, over: old, token) else {
                try dropPending()
                return .aborted
            }
            try log.sync()
            if append == nil, let stream = history.stream {
                try log.sweep(partition, of: stream)
            }
            return .executed
        }
    }

    /// Publishes under the first number that is free, as long as the checkpoint is what it was.
    private func publish(
        _ part: LakeStreamPart?, at time: EventTime?, _ checkpoint: Checkpoint,
        over old: Checkpoint, _ token: OwnerToken
    ) throws(LakeError) -> Bool {
        while history.stream?.checkpoints[partition] == old {
            var commit = LakeStreamCommit(version: history.version + 1)
            commit.checkpoints[partition] = checkpoint
            commit.part = part
            commit.publishedAt = time
            if try log.append(commit, by: token) {
                // Whatever fails from here on, the files are the log's.
                pending = nil
                try log.advance(&history)
                return true
            }
            try log.advance(&history)
        }
        return false
    }

    /// Writes the files of a commit.
    private func write(
        _ append: PreparedAppend, from: Position, to: Position, _ token: OwnerToken
    ) throws(LakeError) -> LakeStreamPart? {
        if append.rows.rowCount == 0 && append.rejected.isEmpty { return nil }
        let folder = LakeStreamPart.folder(of: partition)
        try LakeFiles.makeFolder("\(source)/\(folder)")
        let name = "\(folder)/\(from.offset)-\(to.offset)-\(token.text)"
        var part = LakeStreamPart(partition: partition, from: from, to: to)
        pending = part
        if append.rows.rowCount > 0 {
            part.file = try write(append.placed(in: partition), to: "\(name).parquet")
            pending = part
        }
        if !append.rejected.isEmpty {
            let letters = append.rejected.map { DeadLetter(partition: partition, record: $0) }
            part.rejected = try write(
                DeadLetterFile.batch(of: letters), to: "\(name)-rejected.parquet")
            pending = part
        }
        return part
    }

    private func write(_ batch: ColumnBatch, to path: String) throws(LakeError) -> LakeFile {
        let whole = "\(source)/\(path)"
        try asLakeError { () throws(ParquetError) in
            let writer = try ParquetWriter(
                path: whole, schema: batch.schema,
                options: ParquetWriterOptions(rowGroupRows: batch.rowCount))
            try writer.write(batch)
            try writer.close()
        }
        let file = try LakeFile(path, in: source)
        guard try file.open(in: source).rowGroups.count == 1 else {
            throw LakeError(
                .schema,
                "\(batch.rowCount) rows of partition \(partition) are too large for one file",
                hint: "commit fewer rows at a time")
        }
        return file
    }

    private func dropPending() throws(LakeError) {
        guard let part = pending else { return }
        pending = nil
        for file in [part.file, part.rejected] {
            if let file { try LakeFiles.remove("\(source)/\(file.path)") }
        }
    }
}

extension PreparedAppend {
    /// The rows with their places in the stream.
    fileprivate func placed(in partition: Int32) -> ColumnBatch {
        let count = rows.rowCount
        let partitions = FixedValues([Int32](repeating: partition, count: count))
        return
            rows
            .appending(
                Column(type: .int32, count: count, storage: .int32(partitions)),
                named: StreamColumn.partition
            )
            .appending(
                Column(type: .int64, count: count, storage: .int64(FixedValues(offsets))),
                named: StreamColumn.offset)
    }
}

/// Runs `body`, whose error becomes one of stores.
private func storeErrors<Result>(
    _ body: () throws(LakeError) -> Result
) throws(StoreError) -> Result {
    do throws(LakeError) {
        return try body()
    } catch {
        let code: StoreError.Code =
            switch error.code {
            case .busy: .busy
            case .corrupt: .corrupt
            case .schema: .schema
            case .overlap: .overlap
            case .io where error.isLackOfRoom: .diskFull
            default: .failure
            }
        throw StoreError(code, error.message, hint: error.hint)
    }
}
