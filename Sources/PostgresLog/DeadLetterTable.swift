import Columns
import Postgres
import Records
import Stores
import Values

/// The records of a source that were no rows.
struct DeadLetterTable: Sendable {
    private static let name = "roost.event_dead_letter"
    /// So many records are in memory at a time.
    private static let batchCount = 1000
    private static let schema = Schema([
        Field(name: "source", type: .string), Field(name: "partition", type: .int32),
        Field(name: "record_offset", type: .int64), Field(name: "timestamp_us", type: .int64),
        Field(name: "key", type: .bytes), Field(name: "value", type: .bytes),
        Field(name: "reason", type: .string),
    ])

    private let source: String

    /// A record, and where it stands in the table.
    struct Entry: Sendable {
        let place: String
        let letter: DeadLetter
    }

    init(_ table: LogTable) { source = table.source }

    /// Appends records of one partition.
    func append(
        _ records: [RejectedRecord], of partition: Int32, on connection: PGConnection
    ) throws(PostgresError) {
        if records.isEmpty { return }
        let cells: [[Scalar]] = [
            records.map { _ in .string(source) }, records.map { _ in .integer(Int64(partition)) },
            records.map { .integer($0.offset) },
            records.map { $0.timestamp.map(Scalar.integer) ?? .null },
            records.map { $0.key.map(Scalar.bytes) ?? .null },
            records.map { $0.value.map(Scalar.bytes) ?? .null },
            // No text of PostgreSQL can have a NUL.
            records.map { .string(String($0.reason.map { $0 == "\0" ? "\u{FFFD}" : $0 })) },
        ]
        let columns = zip(Self.schema.fields, cells).map { Column(type: $0.type, $1) }
        let batch = ColumnBatch(
            schema: Self.schema, columns: columns, rowCount: records.count)
        try connection.copyIn(Self.name, columns: Self.schema.fields.map(\.name)) {
            encoder throws(PostgresError) in
            try encoder.append(batch)
            return false
        }
    }

    /// The newest records, newest first.
    func read(
        newest limit: Int, on connection: PGConnection
    ) throws(PostgresError) -> [DeadLetter] {
        let order = "ORDER BY number DESC LIMIT \(max(0, limit))"
        return try entries(connection.run("\(selection) \(order)")).map(\.letter)
    }

    /// Gives all records to `take`, some at a time; needs an open transaction.
    func read(
        on connection: PGConnection, _ take: ([Entry]) throws(PostgresError) -> Void
    ) throws(PostgresError) {
        try connection.run("DECLARE letters CURSOR FOR \(selection)")
        while true {
            let part = try entries(connection.run("FETCH \(Self.batchCount) FROM letters"))
            if part.isEmpty { break }
            try take(part)
        }
        try connection.run("CLOSE letters")
    }

    private var selection: String {
        """
        SELECT ctid, partition, record_offset, timestamp_us, encode(key, 'hex'),
            encode(value, 'hex'), reason
        FROM \(Self.name) WHERE source = \(source.quotedText)
        """
    }

    private func entries(_ rows: [[String?]]) throws(PostgresError) -> [Entry] {
        try rows.map { row throws(PostgresError) in
            guard let place = row[0], let partition = row[1].flatMap({ Int32($0) }),
                let offset = row[2].flatMap({ Int64($0) })
            else { throw PostgresError(.protocolViolation, "\(Self.name) is damaged") }
            let record = RejectedRecord(
                offset: offset, timestamp: row[3].flatMap { Int64($0) },
                key: row[4].flatMap { bytes(hexadecimal: $0) },
                value: row[5].flatMap { bytes(hexadecimal: $0) }, reason: row[6] ?? "")
            return Entry(place: place, letter: DeadLetter(partition: partition, record: record))
        }
    }

    /// Removes records by their places.
    func remove(
        _ entries: [Entry], on connection: PGConnection
    ) throws(PostgresError) {
        if entries.isEmpty { return }
        let list = "{" + entries.map { "\"\($0.place)\"" }.joined(separator: ",") + "}"
        try connection.run("DELETE FROM \(Self.name) WHERE ctid = ANY($1::tid[])", [list])
    }
}
