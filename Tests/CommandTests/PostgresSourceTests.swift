import Foundation
import TestSupport
import Testing

@Suite("A source in PostgreSQL", .serialized)
struct PostgresSourceTests {
    private let folder: TemporaryFolder
    private let server: PostgresServer
    private let database: String
    private let files: FaultShop
    private let tables: FaultShop

    /// One shop with its orders in files, and one with the same orders in a table.
    init() throws {
        folder = try TemporaryFolder()
        server = try PostgresServer.shared()
        database = try server.makeDatabase()
        files = try FaultShop.make(at: folder.file("files"))
        tables = try FaultShop.make(at: folder.file("tables"))
        try server.runAsOwner(
            "CREATE SCHEMA sales",
            """
            CREATE TABLE sales.orders (customer bigint, amount double precision, returned boolean,
            at timestamptz)
            """, "\\copy sales.orders FROM '\(files.file("input/orders.csv"))' CSV HEADER",
            "GRANT USAGE ON SCHEMA sales TO roost", "GRANT SELECT ON sales.orders TO roost",
            database: database)
        let address = server.address(user: "roost", password: "${SECRET}", database: database)
            .replacingOccurrences(of: "%24%7BSECRET%7D", with: "${SECRET}")
        try tables.write(
            "roost.yaml", "profiles:\n  embedded:\n    databases:\n      main: \(address)\n")
        try define("table: sales.orders")
    }

    @Test("gives the same training sets, states and models as files of the same rows")
    func same() throws {
        for shop in [files, tables] {
            if shop.path == files.path {
                try run(shop, ["import", "csv", "input/orders.csv", "--source", "orders"])
            }
            try run(shop, ["validate"])
            try run(shop, ["apply"])
            try run(shop, ["materialize", "--at", FaultShop.late])
            let again = try self.again(shop, ["materialize", "--at", FaultShop.late])
            #expect(again.exitCode == 99, "\(again.errors)")
            let dataset = [
                "dataset", "returns", "--spine", "pipelines/returns.yaml", "--out", "set.parquet",
            ]
            try run(shop, dataset)
            #expect(try self.again(shop, dataset).exitCode == 99)
            let asKnown = Array(dataset.dropLast()) + ["known.parquet", "--as-known-at", "1"]
            try run(shop, asKnown)
            try run(shop, ["train", "returns"])
            try run(shop, ["profile", "orders"])
        }
        #expect(try files.states() == tables.states())
        for set in ["set.parquet", "known.parquet"] {
            let bytes = try [files, tables].map {
                try Data(contentsOf: URL(filePath: $0.file(set)))
            }
            #expect(bytes[0] == bytes[1] && !bytes[0].isEmpty)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: tables.file(".roost"))
        #expect(!names.contains { $0.contains("spool") })
    }

    @Test("is materialized again for the days that changed, and for no others")
    func changes() throws {
        try run(tables, ["apply"])
        try run(tables, ["materialize", "--at", "2026-01-15T00:00:00Z"])
        try run(tables, ["materialize", "--at", FaultShop.late])
        func appended(after change: String) throws -> Int? {
            try server.runAsOwner(change, database: database)
            let run = try again(tables, ["materialize", "--at", FaultShop.late])
            if run.exitCode == 99 { return nil }
            #expect(run.exitCode == 0, "\(run.errors)")
            let sources = run.json["sources"] as? [[String: Any]]
            return sources?.first?["appended"] as? Int
        }
        let later = "at >= '2026-01-15Z'"
        let count = try #require(
            try appended(after: "UPDATE sales.orders SET amount = 1 WHERE \(later)"))
        #expect((1..<6000).contains(count), "only the second interval")
        // Other places of the same rows are no change.
        #expect(try appended(after: "UPDATE sales.orders SET amount = amount") == nil)
        #expect(try appended(after: "VACUUM FULL sales.orders") == nil)
        let doubled = "INSERT INTO sales.orders SELECT * FROM sales.orders WHERE \(later) LIMIT 1"
        #expect(try appended(after: doubled) == count + 1)
        #expect(try appended(after: "DELETE FROM sales.orders WHERE \(later)") == 0)
    }

    @Test("can be a query, whose expectations are checked")
    func query() throws {
        try define(
            """
            query: |
                        SELECT customer::int, amount::numeric(20,2)::double precision AS amount,
                          returned, at
                        FROM sales.orders -- all of them
            """, expecting: "      - range:\n          column: amount\n          to: 99\n")
        try run(tables, ["apply"])
        let stopped = try again(tables, ["materialize", "--at", FaultShop.late])
        #expect(stopped.exitCode == 20, "\(stopped.errors)")
        try define("query: SELECT * FROM sales.orders WHERE amount <= 99", expecting: "")
        // Where rows are is no part of a definition, but it is applied all the same.
        _ = try again(tables, ["apply"])
        try run(tables, ["materialize", "--at", FaultShop.late])
    }

    @Test("is refused with the remedy when its database or a right is missing")
    func refusals() throws {
        try run(tables, ["apply"])
        func errors(_ environment: [String: String] = ["SECRET": secret]) throws -> (Int32, String)
        {
            let run = try RoostProcess.run(
                "materialize", "--at", FaultShop.late, in: tables.path, environment: environment)
            return (run.exitCode, run.errors)
        }
        #expect(try errors([:]).1.contains("the environment variable `SECRET` is not set"))
        let wrong = try errors(["SECRET": "wrong"])
        #expect(wrong.0 == 2 && wrong.1.contains("password authentication failed"))
        try server.runAsOwner("REVOKE SELECT ON sales.orders FROM roost", database: database)
        let denied = try errors()
        #expect(denied.0 == 2, "\(denied.1)")
        #expect(denied.1.contains("GRANT SELECT ON sales.orders TO roost;"))
        #expect(!denied.1.contains(server.password))
        try tables.write(
            "roost.yaml", "profiles:\n  embedded:\n    registry: sqlite:.roost/registry.db\n")
        let missing = try errors()
        #expect(missing.0 == 2 && missing.1.contains("the profile has no databases"))
        #expect(missing.1.contains("databases:"))
    }

    private var secret: String {
        server.password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private func define(_ rows: String, expecting: String? = "      - not_null: amount\n") throws {
        var definitions = FaultShop.definitions.replacingOccurrences(
            of: "      parquet: data/orders\n",
            with: "      postgres:\n        \(rows)\n")
        if let expecting, !expecting.isEmpty {
            definitions = definitions.replacingOccurrences(
                of: "views:\n", with: "    expect:\n\(expecting)views:\n")
        }
        try tables.write("feature-definitions/shop.yaml", definitions)
        if expecting == "      - not_null: amount\n" {
            let plain = FaultShop.definitions.replacingOccurrences(
                of: "views:\n", with: "    expect:\n      - not_null: amount\nviews:\n")
            try files.write("feature-definitions/shop.yaml", plain)
        }
    }

    private func again(_ shop: FaultShop, _ words: [String]) throws -> RoostProcess {
        try RoostProcess.start(
            words + ["--json"], in: shop.path, environment: ["SECRET": secret]
        ).finish()
    }

    private func run(_ shop: FaultShop, _ words: [String]) throws {
        let run = try again(shop, words)
        #expect(run.exitCode == 0, "\(words): \(run.errors)")
    }
}
