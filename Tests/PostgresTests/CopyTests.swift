import Columns
import Postgres
import TestSupport
import Testing
import Values

@Suite("COPY BINARY")
struct CopyTests {
    private let connection: PGConnection

    private static let types: [DataType] =
        DataType.columnTypes.filter { $0.postgresName != nil }
        + [
            .decimal(precision: 38, scale: 10), .decimal(precision: 5, scale: 5),
            .vector(length: 3),
        ]

    init() throws { connection = try PGConnection(PostgresServer.shared().address) }

    @Test("brings every type there and back exactly, nulls and edges included", arguments: 0..<4)
    func roundTrip(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let types = Set(Self.types).sorted { $0.description < $1.description }
        let batch = generator.postgresBatch(rows: 1300, types: types)
        // Pages with room take later rows, so only a number keeps their order.
        let columns =
            ["number bigserial"]
            + batch.schema.fields.map { field in
                "\(field.name.quotedIdentifier) \(field.type.postgresName ?? "")"
            }
        try connection.runAll(
            "CREATE TEMP TABLE t (\(columns.joined(separator: ", ")))")
        var isSent = false
        let count = try connection.copyIn("t", columns: batch.schema.fields.map(\.name)) {
            encoder throws(PostgresError) in
            if isSent { return false }
            isSent = true
            try encoder.append(batch)
            return true
        }
        #expect(count == 1300)
        var found: [ColumnBatch] = []
        let names = batch.schema.fields.map(\.name.quotedIdentifier).joined(separator: ", ")
        try connection.copyOut(
            "SELECT \(names) FROM t ORDER BY number", schema: batch.schema, batchRows: 500
        ) { batch throws(PostgresError) in found.append(batch) }
        #expect(found.map(\.rowCount) == [500, 500, 300])
        for (index, field) in batch.schema.fields.enumerated() {
            let values = found.flatMap { part in
                (0..<part.rowCount).map { part.columns[index].scalar(at: $0) }
            }
            let expected = (0..<1300).map { batch.columns[index].scalar(at: $0) }
            let differing = zip(values, expected).filter { !$0.isIdentical(to: $1) }
            #expect(differing.isEmpty, "seed \(seed) \(field.type): \(differing.prefix(3))")
        }
    }

    @Test("gives PostgreSQL the values that it means itself")
    func meaning() throws {
        try connection.runAll(
            "CREATE TEMP TABLE m (t timestamptz, d date, n numeric(10,2), a bigint[], b boolean)")
        let schema = Schema([
            Field(name: "t", type: .timestamp), Field(name: "d", type: .date),
            Field(name: "n", type: .decimal(precision: 10, scale: 2)),
            Field(name: "a", type: .list(.int64)), Field(name: "b", type: .bool),
        ])
        try connection.run(
            "INSERT INTO m VALUES ('1969-12-31 23:59:59.999999+00', '1999-12-31', -1234.50, "
                + "'{1,NULL,-3}', true)")
        var rows: [[Scalar]] = []
        try connection.copyOut("SELECT * FROM m", schema: schema) { batch throws(PostgresError) in
            for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.scalar(at: row) }) }
        }
        #expect(
            rows == [
                [
                    .timestamp(EventTime(microseconds: -1)), .date(10_956),
                    .decimal(Decimal128(unscaled: -123_450, scale: 2)),
                    .list([.integer(1), .null, .integer(-3)]), .bool(true),
                ]
            ])
    }

    @Test("refuses what PostgreSQL cannot hold, names the column, and copies nothing")
    func unholdable() throws {
        try connection.runAll("CREATE TEMP TABLE u (s text, t timestamptz, d date)")
        let cases: [(String, DataType, Scalar)] = [
            ("s", .string, .string("a\0b")),
            ("t", .timestamp, .timestamp(EventTime(microseconds: .min))),
            ("d", .date, .date(.max)), ("d", .date, .date(.min)),
        ]
        for (name, type, value) in cases {
            let batch = ColumnBatch(
                schema: Schema([Field(name: name, type: type)]),
                columns: [Column(type: type, [value])], rowCount: 1)
            let error = #expect(throws: PostgresError.self) {
                try connection.copyIn("u", columns: [name]) { encoder throws(PostgresError) in
                    try encoder.append(batch)
                    return false
                }
            }
            #expect(error?.code == .value && error?.message.contains("'\(name)'") == true)
            let left = try connection.run("SELECT count(*) FROM u")
            #expect(left == [["0"]])
        }
    }

    @Test("stays usable after a table that is missing and a query of another shape")
    func failures() throws {
        let missing = #expect(throws: PostgresError.self) {
            try connection.copyIn("nowhere", columns: ["a"]) { _ throws(PostgresError) in false }
        }
        #expect(missing?.code == .schema)
        let schema = Schema([Field(name: "a", type: .int64)])
        for query in [
            "SELECT 1::bigint, 2", "SELECT 'text'",
            "SELECT 1 / (5 - g) FROM generate_series(1, 9) g",
        ] {
            #expect(throws: PostgresError.self) {
                try connection.copyOut(query, schema: schema) { _ throws(PostgresError) in }
            }
            #expect(try connection.run("SELECT 1") == [["1"]])
        }
    }

    @Test("never traps on rows that are cut or changed")
    func damagedRows() throws {
        var generator = SeededGenerator(seed: 3)
        let types = Set(Self.types).sorted { $0.description < $1.description }
        let batch = generator.postgresBatch(rows: 1, types: types, nullShare: 0)
        var encoder = CopyBinaryEncoder()
        try encoder.append(batch)
        let bytes = encoder.bytes
        for _ in 0..<20_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let index = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[index] = UInt8.random(in: 0...255, using: &generator)
            }
            let end = Int.random(in: 0...damaged.count, using: &generator)
            var decoder = CopyBinaryDecoder(batch.schema)
            do {
                try unsafe damaged.withUnsafeBytes { bytes in
                    try unsafe decoder.append(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
                }
                _ = decoder.takeBatch()
            } catch let error as PostgresError {
                #expect([.protocolViolation, .value].contains(error.code))
            }
        }
    }
}

extension SeededGenerator {
    /// A random batch of what PostgreSQL can hold: no NUL in a text, no time beyond its own.
    fileprivate mutating func postgresBatch(
        rows: Int, types: [DataType], nullShare: Double = 0.25
    ) -> ColumnBatch {
        let columns = types.map { type in
            Column(
                type: type,
                scalars(rows, of: type, nullShare: nullShare).map { $0.holdable })
        }
        return ColumnBatch(
            schema: Schema(types.map { Field(name: $0.description, type: $0) }), columns: columns,
            rowCount: rows)
    }
}

extension Scalar {
    fileprivate var holdable: Scalar {
        switch self {
        case .string(let text): .string(String(text.filter { $0 != "\0" }))
        case .timestamp(let time): .timestamp(EventTime(microseconds: time.microseconds / 1_000))
        case .date(let days): .date(days / 2000)
        case .double(let number): .double(number == 0 ? 0 : number)
        case .list(let elements): .list(elements.map(\.holdable))
        default: self
        }
    }
}
