import Columns
import CommitProtocol
import Postgres
import Records
import Stores
import Values

// A commit is one transaction: rows and rejected records by COPY; then, in one message of several
// commands, the checkpoint as a compare-and-set, the commit's number and COMMIT. So no row of ours
// is locked while a worker may be paused, and a rival never waits for one that sleeps.
//
// The server does not wait for its disk (`synchronous_commit` is off): a server that dies may lose
// the last commits, rows and checkpoint together, and the worker goes on from the checkpoint that
// is there.

/// Writes rows of one partition of a stream to a source's table.
final class PostgresStreamSink: StreamLogSink {
    private let address: String
    private let table: LogTable
    private let letters: DeadLetterTable
    private let partition: Int32
    private var connection: PGConnection?
    /// What was read with the checkpoint.
    private var stream: LogStream?
    private var chunkCount = 0
    /// The columns that rows were refused in.
    private var outdated: Schema?
    /// By the partition of the table that rows belong to: the name of the one that takes them. For as
    /// long as the connection: a server that dies may lose a partition that it has made.
    private var places: [LogPartition: String] = [:]

    init(_ address: String, _ table: LogTable, partition: Int32) {
        self.address = address
        self.table = table
        self.partition = partition
        letters = DeadLetterTable(table)
    }

    func release() { connection = nil }

    func watch() throws(StoreError) -> Checkpoint? {
        try keepingConnection { connection throws(PostgresError) in
            stream = try LogStream.read(table, on: connection)
            let rows = try connection.run(
                """
                SELECT owner, next, chunks FROM roost.event_checkpoint
                WHERE source = $1 AND partition = $2
                """, [table.source, "\(partition)"])
            guard stream != nil, let row = rows.first else { return nil }
            guard let checkpoint = Checkpoint(owner: row[0], next: row[1]),
                let count = row[2].flatMap({ Int($0) })
            else { throw PostgresError(.protocolViolation, "roost.event_checkpoint is damaged") }
            chunkCount = count
            return checkpoint
        }
    }

    func write(
        _ append: StreamAppend?, _ checkpoint: Checkpoint, over old: Checkpoint
    ) throws(StoreError) -> CommitEvent {
        guard let stream else { return .aborted }
        var prepared: PreparedAppend?
        if let append {
            prepared = try PreparedAppend(
                append, from: old.next, cut: stream.cut, schema: stream.schema)
        }
        let move = CheckpointMove(
            table: table, partition: partition, old: old, new: checkpoint, chunkCount: chunkCount)
        return try keepingConnection { connection throws(PostgresError) in
            do throws(PostgresError) {
                try write(append, &prepared, move, connection)
                return .executed
            } catch  where error.isRefusedMove || error.isOfAnotherType {
                return .aborted
            }
        }
    }

    /// Whether rows are refused because a column was widened since they were prepared: what is watched
    /// next tells its type. A second time it is the rows themselves.
    private func isOutdated(_ error: PostgresError) -> Bool {
        guard error.isOfAnotherType, outdated != stream?.schema else { return false }
        outdated = stream?.schema
        return true
    }

    /// Writes, and once more without the rows that the table cannot hold.
    private func write(
        _ append: StreamAppend?, _ prepared: inout PreparedAppend?, _ move: CheckpointMove,
        _ connection: PGConnection
    ) throws(PostgresError) {
        guard let append, var rows = prepared else {
            return try run("\(move.commands(for: [], at: nil)); COMMIT", in: connection) {}
        }
        do throws(PostgresError) {
            try write(rows, move, append.time, connection)
        } catch  where error.code == .value && !error.isRefusedMove && !isOutdated(error) {
            try sift(&rows, connection)
            try write(rows, move, append.time, connection)
        }
    }

    private func write(
        _ append: PreparedAppend, _ move: CheckpointMove, _ time: EventTime,
        _ connection: PGConnection
    ) throws(PostgresError) {
        let pieces = try pieces(of: append, connection)
        let commands = move.commands(for: pieces.chunks, at: time)
        try run("\(commands); COMMIT", in: connection) { () throws(PostgresError) in
            try copy(append, pieces.numbers, connection)
            try letters.append(append.rejected, of: partition, on: connection)
        }
    }

    /// Runs `body` in a transaction, and then `commands`, which end it.
    private func run(
        _ commands: String, in connection: PGConnection,
        _ body: () throws(PostgresError) -> Void
    ) throws(PostgresError) {
        try connection.runAll("BEGIN")
        do throws(PostgresError) {
            try body()
            try connection.runAll(commands)
        } catch {
            if connection.isOpen { _ = try? connection.run("ROLLBACK") }
            throw error
        }
    }

    /// The pieces that the rows make, and the number of each row's piece.
    private func pieces(
        of append: PreparedAppend, _ connection: PGConnection
    ) throws(PostgresError) -> (chunks: [LogChunk], numbers: [Int32]) {
        guard case .int64(let times) = append.eventTimes.storage else { return ([], []) }
        var counts: [(place: String, count: Int)] = []
        var indices: [String: Int] = [:]
        var days: [Int64: Int] = [:]
        var numbers: [Int32] = []
        for row in 0..<times.count {
            let time = EventTime(microseconds: times[row])
            // Rows of one day are many, and a day is in one partition.
            var index = days[time.daysSinceEpoch] ?? -1
            if index < 0 {
                let place = try place(of: LogPartition(of: time), connection)
                index = indices[place] ?? counts.count
                if index == counts.count { counts.append((place, 0)) }
                indices[place] = index
                days[time.daysSinceEpoch] = index
            }
            counts[index].count += 1
            guard let number = Int32(exactly: chunkCount + index) else {
                throw PostgresError(
                    .refused,
                    "partition \(partition) of '\(table.source)' has as many commits as "
                        + "can be told apart", hint: "give another source another name")
            }
            numbers.append(number)
        }
        let version = LogChunk.version(ofStreamPartition: Int(partition))
        let chunks = counts.enumerated().map { index, part in
            LogChunk(
                version: version, number: chunkCount + index, rowCount: part.count,
                partition: part.place)
        }
        return (chunks, numbers)
    }

    /// The partition that takes rows, which is made if this role may; else the default one does.
    private func place(
        of month: LogPartition, _ connection: PGConnection
    ) throws(PostgresError) -> String {
        if let known = places[month] { return known }
        let place: String
        do throws(PostgresError) {
            place = try table.prepare(month, on: connection)
        } catch  where error.code == .denied {
            place = LogTable.defaultPartition
        }
        places[month] = place
        return place
    }

    private func copy(
        _ append: PreparedAppend, _ numbers: [Int32], _ connection: PGConnection
    ) throws(PostgresError) {
        let count = append.rows.rowCount
        if count == 0 { return }
        let version = LogChunk.version(ofStreamPartition: Int(partition))
        let whole = append.rows
            .appending(append.eventTimes, named: LogTable.eventTime)
            .appending(Column(repeating: Int32(version), count), named: LogTable.commit)
            .appending(
                Column(type: .int32, count: count, storage: .int32(FixedValues(numbers))),
                named: LogTable.chunk
            )
            .appending(
                Column(repeating: partition, count), named: StreamColumn.partition
            )
            .appending(
                Column(type: .int64, count: count, storage: .int64(FixedValues(append.offsets))),
                named: StreamColumn.offset)
        try connection.copyIn(table.name, columns: whole.schema.fields.map(\.name)) {
            encoder throws(PostgresError) in
            try encoder.append(whole)
            return false
        }
    }

    /// Finds the rows that the table cannot hold by offering ever smaller parts, which are taken back.
    private func sift(
        _ append: inout PreparedAppend, _ connection: PGConnection
    ) throws(PostgresError) {
        let whole = append
        let refused = try refusedRows(0..<Int32(whole.rows.rowCount)) {
            rows throws(PostgresError) in
            let part = whole.part(rows)
            let numbers = [Int32](repeating: 0, count: part.rows.rowCount)
            try connection.runAll("BEGIN")
            defer { if connection.isOpen { _ = try? connection.run("ROLLBACK") } }
            do throws(PostgresError) {
                try copy(part, numbers, connection)
                return nil
            } catch  where error.code == .value {
                return error.message
            }
        }
        append.reject(refused)
    }

    /// Lends the connection, a fresh one where there is none. What fails on it ends it: so does every
    /// transaction that may be open.
    private func keepingConnection<Result>(
        _ body: (PGConnection) throws(PostgresError) -> Result
    ) throws(StoreError) -> Result {
        do throws(PostgresError) {
            let lent: PGConnection
            if let connection {
                lent = connection
            } else {
                lent = try PGConnection(address)
                places = [:]
                try lent.runAll("SET synchronous_commit = off; SET lock_timeout = '10s'")
            }
            connection = nil
            let result = try body(lent)
            connection = lent
            return result
        } catch {
            throw StoreError(error)
        }
    }
}

extension Column {
    fileprivate init(repeating value: Int32, _ count: Int) {
        self.init(
            type: .int32, count: count,
            storage: .int32(FixedValues([Int32](repeating: value, count: count))))
    }
}
