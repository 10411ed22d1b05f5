import Postgres
import Stores
import Values

/// What is recorded of the stream of a source.
struct LogStream: Sendable {
    let cut: StreamCut
    let schema: Schema
    /// How many commits have brought rows.
    let steps: Int

    /// What is recorded; nil when no stream has begun.
    static func read(
        _ table: LogTable, on connection: PGConnection
    ) throws(PostgresError) -> LogStream? {
        let rows = try connection.run(
            "SELECT cut_us, steps, columns FROM roost.event_stream WHERE source = $1",
            [table.source])
        guard let row = rows.first else { return nil }
        guard let cut = row[0].flatMap({ Int64($0) }), let steps = row[1].flatMap({ Int($0) }),
            let schema = row[2].flatMap(Schema.init(logText:))
        else { throw PostgresError(.protocolViolation, "roost.event_stream is damaged") }
        return LogStream(
            cut: StreamCut(EventTime(microseconds: cut)), schema: schema, steps: steps)
    }

    /// Lets workers know of columns that an append has added or widened: their rows must have the
    /// table's types.
    static func widen(
        to schema: Schema, _ table: LogTable, on connection: PGConnection
    ) throws(PostgresError) {
        guard let known = try read(table, on: connection)?.schema,
            let union = Schema.union(known, schema), union != known
        else { return }
        try connection.run(
            "UPDATE roost.event_stream SET columns = $2 WHERE source = $1",
            [table.source, union.logText])
    }

    /// How many of its commits were published before the first one that was after `time`.
    func steps(
        upTo time: EventTime, _ table: LogTable, on connection: PGConnection
    ) throws(PostgresError) -> Int {
        let rows = try connection.run(
            "SELECT min(number) FROM roost.event_step WHERE source = $1 AND published_us > $2",
            [table.source, "\(time.microseconds)"])
        let first = rows.first?.first?.flatMap { Int($0) }
        return first.map { $0 - 1 } ?? steps
    }
}

/// The rows that one partition of a stream has brought.
struct LogStreamPart: Hashable, Sendable {
    let partition: Int
    /// Behind the last row.
    let next: Int64
    /// Behind the last piece.
    let endChunk: Int
    let rowCount: Int

    /// Everything that decides its rows, as text.
    var text: String { "stream \(partition) \(next) \(rowCount)\n" }

    /// What a source has of its stream after so many commits, by partition.
    static func read(
        _ table: LogTable, steps: Int, on connection: PGConnection
    ) throws(PostgresError) -> [LogStreamPart] {
        if steps == 0 { return [] }
        let rows = try connection.run(
            """
            SELECT bound.partition, bound.next, bound.end_chunk, coalesce(sum(row_count), 0)
            FROM (SELECT partition, max(to_offset) AS next, max(end_chunk) AS end_chunk
                FROM roost.event_step WHERE source = $1 AND number <= $2 GROUP BY 1) AS bound
            LEFT JOIN roost.event_chunk AS piece ON piece.source = $1
                AND piece.version = -1 - bound.partition AND piece.chunk < bound.end_chunk
            GROUP BY 1, 2, 3 ORDER BY 1
            """, [table.source, "\(steps)"])
        var parts: [LogStreamPart] = []
        for row in rows {
            let numbers = row.compactMap { $0.flatMap { Int64($0) } }
            guard numbers.count == 4 else {
                throw PostgresError(.protocolViolation, "roost.event_step is damaged")
            }
            parts.append(
                LogStreamPart(
                    partition: Int(numbers[0]), next: numbers[1], endChunk: Int(numbers[2]),
                    rowCount: Int(numbers[3])))
        }
        return parts
    }
}
