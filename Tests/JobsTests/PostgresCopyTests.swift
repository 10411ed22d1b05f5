import Columns
import Planning
import Postgres
import Stores
import TestSupport
import Testing
import Values

@testable import Jobs

@Suite("Rows of PostgreSQL as a source", .serialized)
struct PostgresCopyTests {
    private let folder: TemporaryFolder
    private let server: PostgresServer
    private let address: String
    private let connection: PGConnection

    init() throws {
        folder = try TemporaryFolder()
        server = try PostgresServer.shared()
        address = try server.makeDatabaseAddress()
        connection = try PGConnection(address)
    }

    @Test("have the values that PostgreSQL means, for every type that holds them exactly")
    func types() throws {
        let cases: [(type: String, literal: String, wanted: DataType, value: Scalar)] = [
            ("boolean", "true", .bool, .bool(true)),
            ("smallint", "-32768", .int32, .integer(-32768)),
            ("smallint", "7", .int64, .integer(7)),
            ("integer", "2147483647", .int32, .integer(2_147_483_647)),
            ("integer", "-5", .int64, .integer(-5)),
            ("bigint", "-9223372036854775808", .int64, .integer(.min)),
            ("real", "1.5", .float, .double(1.5)), ("real", "1.5", .double, .double(1.5)),
            ("double precision", "-0", .double, .double(0)),
            ("double precision", "NaN", .double, .double(.nan)),
            ("text", "a'ü€", .string, .string("a'ü€")),
            ("varchar(9)", "b", .string, .string("b")), ("char(3)", "c", .string, .string("c  ")),
            ("bytea", "\\x00ff", .bytes, .bytes([0, 255])),
            ("date", "1969-12-31", .date, .date(-1)),
            ("timestamptz", "1970-01-01 01:00:00.000001+01", .timestamp, .timestamp(time(1))),
            ("timestamp", "1970-01-01 00:00:01", .timestamp, .timestamp(time(1_000_000))),
            (
                "numeric(5,2)", "-1.25", .decimal(precision: 9, scale: 4),
                .decimal(Decimal128(unscaled: -12_500, scale: 4))
            ),
            (
                "numeric(38,10)", "0.0000000001", .decimal(precision: 38, scale: 10),
                .decimal(Decimal128(unscaled: 1, scale: 10))
            ),
            ("smallint[]", "{1,NULL}", .list(.int64), .list([.integer(1), .null])),
            ("varchar(5)[]", "{x,y}", .list(.string), .list([.string("x"), .string("y")])),
            ("real[]", "{1,2.5}", .vector(length: 2), .list([.double(1), .double(2.5)])),
            ("timestamptz[]", "{1970-01-01Z}", .list(.timestamp), .list([.timestamp(time(0))])),
        ]
        let columns = cases.indices.map { "c\($0) \(cases[$0].type)" }
        try connection.runAll(
            "CREATE TABLE \"Odd name\" (\(columns.joined(separator: ", ")), unread json)")
        let values = cases.map { "'\($0.literal.replacing("'", with: "''"))'" }
        try connection.runAll(
            """
            INSERT INTO "Odd name" VALUES (\(values.joined(separator: ", ")));
            INSERT INTO "Odd name" (unread) VALUES ('{}');
            """)
        let schema = Schema(
            cases.indices.map { Field(name: "c\($0)", type: cases[$0].wanted) }
                + [])
        let read = try rows(.table("Odd name"), schema)
        let batch = try all(read, schema)
        #expect(batch.rowCount == 2)
        for (index, expected) in cases.enumerated() {
            let found = batch.columns[index].scalar(at: 0)
            #expect(found.isIdentical(to: expected.value), "\(expected.type): \(found)")
            #expect(batch.columns[index].isNull(1), "\(expected.type)")
        }
    }

    @Test("are instants of the source's zone where they have none of their own")
    func zones() throws {
        try connection.runAll(
            """
            CREATE TABLE z (local timestamp, instant timestamptz);
            INSERT INTO z VALUES ('2024-07-01 12:00:00', '2024-07-01 12:00:00Z');
            """)
        let schema = Schema(["local", "instant"].map { Field(name: $0, type: .timestamp) })
        for (zone, hours) in [("Europe/Berlin", 2), (nil, 0)] as [(String?, Int64)] {
            let batch = try all(rows(.table("z"), schema, zone: zone), schema)
            guard case .timestamp(let local) = batch.columns[0].scalar(at: 0),
                case .timestamp(let instant) = batch.columns[1].scalar(at: 0)
            else {
                Issue.record("no times")
                return
            }
            #expect(instant.since(local) == EventDuration.hours(hours))
        }
    }

    @Test("are refused when a column is missing or of another type, with a remedy")
    func refusals() throws {
        try connection.runAll(
            """
            CREATE TABLE t (amount numeric, size double precision, note jsonb, at timestamptz,
                long bigint);
            """)
        let cases: [(String, DataType, String, String)] = [
            ("amuont", .double, "table t has no column 'amuont'", "the nearest name is 'amount'"),
            (
                "amount", .decimal(precision: 9, scale: 2),
                "column 'amount' of table t is numeric, decimal(9,2) is needed",
                "read it by a query that says \"amount\"::numeric(9,2)"
            ),
            (
                "size", .float, "column 'size' of table t is double precision, float is needed",
                "declare it as double, or read it by a query that says \"size\"::real"
            ),
            ("note", .string, "is jsonb, string is needed", "\"note\"::text"),
            ("at", .string, "is timestamp with time zone, string is needed", "declare it as"),
            ("long", .int32, "is bigint, int32 is needed", "declare it as int64, or"),
        ]
        for (name, type, message, hint) in cases {
            let error = failure(.table("t"), Schema([Field(name: name, type: type)]))
            #expect(error?.code == .usage && error?.message.contains(message) == true)
            #expect(error?.hint?.contains(hint) == true, "\(String(describing: error))")
        }
        let any = Schema([Field(name: "a", type: .int32)])
        let missing = failure(.table("nowhere.t"), any)
        #expect(missing?.message.contains("nowhere.t") == true)
        #expect(missing?.hint?.contains("capitals count") == true)
        for query in ["SELECT 1 AS a; DROP TABLE t", "SELEC 1", "DELETE FROM t RETURNING 1 AS a"] {
            #expect(failure(.query(query), any)?.code == .usage, "\(query)")
        }
        let changing = "WITH gone AS (SELECT nextval('s') AS a) SELECT a::int FROM gone"
        try connection.runAll("CREATE SEQUENCE s")
        #expect(failure(.query(changing), any)?.hint?.contains("may change nothing") == true)
        #expect(try connection.run("SELECT to_regclass('t')") == [["t"]])
        let twice = failure(.query("SELECT 1 AS a, 2 AS a"), any)
        #expect(twice?.message.contains("several columns 'a'") == true)
    }

    @Test("name the column of a value that has no place")
    func values() throws {
        let schema = Schema([Field(name: "at", type: .timestamp)])
        let endless = failure(.query("SELECT 'infinity'::timestamptz AS at"), schema)
        #expect(endless?.code == .dataQuality)
        #expect(endless?.message.contains("column 'at'") == true)
        let divided = failure(
            .query("SELECT 1 / (3 - g) AS n FROM generate_series(1, 5) g -- odd"),
            Schema([Field(name: "n", type: .int32)]))
        #expect(divided?.code == .dataQuality)
        #expect(divided?.message.contains("division by zero") == true)
    }

    @Test("are all there once, however tables are built and read")
    func kinds() throws {
        try connection.runAll(
            """
            CREATE TABLE plain (n bigint, filler text);
            INSERT INTO plain SELECT g, repeat('x', 400) FROM generate_series(1, 3000) g;
            DELETE FROM plain WHERE n % 7 = 0;
            CREATE VIEW seen AS SELECT n FROM plain;
            CREATE MATERIALIZED VIEW kept AS SELECT n FROM plain;
            CREATE TABLE parted (n bigint, filler text) PARTITION BY RANGE (n);
            CREATE TABLE parted_low (filler text, n bigint);
            ALTER TABLE parted ATTACH PARTITION parted_low FOR VALUES FROM (0) TO (1000);
            CREATE TABLE parted_rest PARTITION OF parted DEFAULT;
            INSERT INTO parted SELECT n, filler FROM plain;
            CREATE TABLE parent (n bigint, filler text);
            CREATE TABLE child () INHERITS (parent);
            INSERT INTO parent SELECT * FROM plain WHERE n < 1500;
            INSERT INTO child SELECT * FROM plain WHERE n >= 1500;
            CREATE TABLE empty (n bigint);
            """)
        let schema = Schema([Field(name: "n", type: .int64)])
        let expected = (1...3000 as ClosedRange<Int64>).filter { $0 % 7 != 0 }.map {
            Scalar.integer($0)
        }
        var contents: Set<String> = []
        for table in ["plain", "seen", "kept", "parted", "parent"] {
            for workers in [1, 3] {
                let read = try rows(.table(table), schema, workers: workers, pages: 8)
                let found = try all(read, schema).columns[0].scalars
                let order: (Scalar, Scalar) -> Bool = { $0.integer < $1.integer }
                #expect(found.sorted(by: order) == expected, "\(table) by \(workers)")
                contents.insert(read.origin?["content"]?.text ?? "")
            }
        }
        #expect(contents.count == 1, "the order of rows does not matter")
        let parts = try connection.parts(of: "plain", pages: 8) ?? []
        #expect(parts.count > 10)
        #expect(try connection.parts(of: "parted", pages: 8)?.count ?? 0 > 10)
        for table in ["seen", "parent"] {
            #expect(try connection.parts(of: table, pages: 8) == [table])
        }
        #expect(try all(rows(.table("empty"), schema), schema).rowCount == 0)
    }

    @Test("are only those that policies let the role see")
    func policies() throws {
        let role = "role_\(UInt64.random(in: 0 ... .max))"
        try server.runAsOwner("CREATE ROLE \(role) LOGIN PASSWORD 'p'")
        try connection.runAll(
            """
            CREATE TABLE own (n bigint, part int) PARTITION BY LIST (part);
            CREATE TABLE own_1 PARTITION OF own DEFAULT;
            INSERT INTO own SELECT g, 1 FROM generate_series(1, 10) g;
            ALTER TABLE own ENABLE ROW LEVEL SECURITY;
            CREATE POLICY even ON own USING (n % 2 = 0);
            GRANT SELECT ON own, own_1 TO \(role);
            """)
        let name = address.split(separator: "/").last.map(String.init) ?? ""
        let limited = server.address(user: role, password: "p", database: name)
        let schema = Schema([Field(name: "n", type: .int64)])
        let found = try all(rows(.table("own"), schema, at: limited), schema)
        #expect(found.columns[0].scalars.map(\.integer).sorted() == [2, 4, 6, 8, 10])
    }

    @Test("are never fewer because a connection was cut", arguments: [2_000, 60_000, 150_000])
    func cut(limit: Int) throws {
        try connection.runAll(
            "CREATE TABLE t AS SELECT g AS n FROM generate_series(1, 20000) g")
        let proxy = try CuttingProxy(to: server.port, cuttingAfter: limit, .toClient)
        defer { proxy.stop() }
        let schema = Schema([Field(name: "n", type: .int32)])
        let through = address.replacing(":\(server.port)", with: ":\(proxy.port)")
        let error = #expect(throws: StoreError.self) {
            _ = try rows(.table("t"), schema, pages: 16, at: through)
        }
        #expect(proxy.hasCut && error?.code == .unavailable, "\(String(describing: error))")
        #expect(try all(rows(.table("t"), schema), schema).rowCount == 20_000)
        #expect(try FileSystem.names(in: folder.file(".roost")).isEmpty)
    }

    @Test("leave nothing behind on the disk")
    func files() throws {
        let schema = Schema([Field(name: "n", type: .int32)])
        let query = PostgresRowsPlan.Rows.query("SELECT g AS n FROM generate_series(1, 9) g")
        let read = try rows(query, schema)
        #expect(try FileSystem.names(in: folder.file(".roost")).isEmpty)
        #expect(try all(read, schema).rowCount == 9)
        _ = failure(.query("SELECT 1 / (3 - g) AS n FROM generate_series(1, 5) g"), schema)
        #expect(try FileSystem.names(in: folder.file(".roost")).isEmpty)
    }
}

extension PostgresCopyTests {
    private func time(_ microseconds: Int64) -> EventTime {
        EventTime(microseconds: microseconds)
    }

    private func rows(
        _ rows: PostgresRowsPlan.Rows, _ schema: Schema, zone: String? = nil, workers: Int = 2,
        pages: Int = 2048, at other: String? = nil
    ) throws -> ParquetRows {
        let plan = PostgresRowsPlan(rows: rows, database: nil)
        let source = SourcePlan(
            name: "s", schema: schema, computed: [], eventTime: "at", knownAt: nil,
            batch: .postgres(plan), completeTo: nil, zone: zone)
        return try PostgresCopy(source, plan, address: other ?? address, pages: pages).rows(
            below: folder.path, workers: workers)
    }

    private func failure(_ rows: PostgresRowsPlan.Rows, _ schema: Schema) -> JobError? {
        #expect(throws: JobError.self) { _ = try self.rows(rows, schema) }
    }

    private func all(_ rows: ParquetRows, _ schema: Schema) throws -> ColumnBatch {
        let batches = try (0..<rows.chunkCount).map { try rows.read(chunk: $0, schema: schema) }
        let columns = schema.fields.indices.map { index in
            Column(
                type: schema.fields[index].type, batches.flatMap { $0.columns[index].scalars })
        }
        return ColumnBatch(
            schema: schema, columns: columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
    }
}

extension Scalar {
    fileprivate var integer: Int64 {
        if case .integer(let number) = self { number } else { .min }
    }
}
