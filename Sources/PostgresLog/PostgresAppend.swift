import Columns
import Postgres
import Stores
import Values

/// An append that is being written: each batch goes out as one COPY per partition.
final class PostgresAppend: EventLogWriter {
    private(set) var counts = EventLogCounts()
    private(set) var chunks: [LogChunk] = []
    /// The commit, with what was written so far.
    private(set) var commit: LogCommit

    private let table: LogTable
    private let connection: PGConnection
    private let keeper: PGConnection
    /// By the partition that rows belong to: the name of the one that takes them.
    private var prepared: [LogPartition: String] = [:]

    init(
        _ commit: LogCommit, to table: LogTable, connection: PGConnection, keeper: PGConnection
    ) {
        self.commit = commit
        self.table = table
        self.connection = connection
        self.keeper = keeper
    }

    func write(_ batch: ColumnBatch, eventTimes: Column) throws {
        precondition(batch.schema == commit.schema, "rows of another schema than the append's")
        precondition(eventTimes.count == batch.rowCount, "as many times as rows are needed")
        for (partition, rows) in split(eventTimes) {
            let isWhole = rows.count == batch.rowCount
            let part = isWhole ? batch : batch.gathering(FixedValues(rows))
            let times = isWhole ? eventTimes : eventTimes.gathering(FixedValues(rows))
            try storeErrors { () throws(PostgresError) in try write(part, times, partition) }
        }
    }

    /// Lets the indexes know of the new rows. Without that reading is slower and as right.
    func summarize() {
        for partition in Set(chunks.map(\.partition)) {
            _ = try? keeper.run(
                """
                SELECT brin_summarize_new_values(indexrelid) FROM pg_index
                WHERE indrelid = $1::regclass
                """, [table.name(of: partition)])
        }
    }

    private func write(
        _ rows: ColumnBatch, _ times: Column, _ partition: LogPartition
    ) throws(PostgresError) {
        let place: String
        if let known = prepared[partition] {
            place = known
        } else {
            place = try table.prepare(partition, on: keeper)
            prepared[partition] = place
        }
        let count = rows.rowCount
        let chunk = LogChunk(
            version: commit.version, number: chunks.count, rowCount: count,
            partition: place)
        let whole =
            rows.appending(times, named: LogTable.eventTime)
            .appending(
                Column(type: .int32, repeating: .integer(Int64(chunk.version)), count: count),
                named: LogTable.commit
            )
            .appending(
                Column(type: .int32, repeating: .integer(Int64(chunk.number)), count: count),
                named: LogTable.chunk)
        try connection.copyIn(table.name, columns: whole.schema.fields.map(\.name)) {
            encoder throws(PostgresError) in
            try encoder.append(whole)
            commit.byteCount += encoder.bytes.count
            return false
        }
        chunks.append(chunk)
        commit.rowCount += count
        counts.written += count
    }

    /// The rows of each partition inside the interval, in the order of their first rows.
    private func split(_ eventTimes: Column) -> [(partition: LogPartition, rows: [Int32])] {
        guard case .int64(let values) = eventTimes.storage else {
            preconditionFailure("event times are timestamps")
        }
        var parts: [(partition: LogPartition, rows: [Int32])] = []
        var places: [LogPartition: Int] = [:]
        var days: [Int64: Int] = [:]
        for row in 0..<values.count {
            let time = EventTime(microseconds: values[row])
            guard !eventTimes.isNull(row) else {
                counts.withoutTime += 1
                continue
            }
            guard commit.interval.contains(time) else {
                counts.outside += 1
                continue
            }
            // Rows of one day are many, and a day is in one partition.
            var place = days[time.daysSinceEpoch] ?? -1
            if place < 0 {
                let partition = LogPartition(of: time)
                place = places[partition] ?? parts.count
                if place == parts.count { parts.append((partition, [])) }
                places[partition] = place
                days[time.daysSinceEpoch] = place
            }
            parts[place].rows.append(Int32(row))
        }
        return parts
    }
}
