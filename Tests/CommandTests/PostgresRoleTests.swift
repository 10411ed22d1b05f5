import Foundation
import TestSupport
import Testing

@Suite("Roles of PostgreSQL")
struct PostgresRoleTests {
    private let folder: TemporaryFolder
    private let server: PostgresServer
    private let database: String
    private let shop: FaultShop
    private let suffix = "_\(UInt32.random(in: 0 ... .max))"

    init() throws {
        folder = try TemporaryFolder()
        server = try PostgresServer.shared()
        database = try server.makeDatabase()
        shop = try FaultShop.make(at: folder.file("shop"))
        var profiles = "profiles:\n"
        for role in ["owner", "writer", "reader"] {
            try server.runAsOwner("CREATE ROLE roost_\(role)\(suffix) LOGIN PASSWORD 'p'")
            let address = server.address(
                user: "roost_\(role)\(suffix)", password: "p", database: database)
            profiles += """
                  \(role):
                    online: lmdb:.roost/online
                    offline: \(address)
                    registry: \(address)

                """
        }
        try shop.write("roost.yaml", profiles)
    }

    @Test("need the rights of the documentation and no others")
    func documented() throws {
        var rights = try documentedRights()
        try grant([rights.removeFirst()])
        try run("owner", ["apply"])
        try run("owner", ["import", "csv", "input/orders.csv", "--source", "orders"])
        try run("owner", ["materialize", "--at", "2026-01-15T00:00:00Z"])
        let outside = try refusal("reader", ["status"])
        #expect(outside.contains("GRANT USAGE ON SCHEMA roost_registry TO roost_reader\(suffix)"))
        try grant(rights)

        try run("writer", ["materialize", "--at", "2026-01-31T00:00:00Z"])
        let month = try refusal("writer", ["materialize", "--at", FaultShop.late])
        #expect(month.contains("GRANT CREATE ON SCHEMA roost TO roost_writer\(suffix)"))
        try run("owner", ["materialize", "--at", FaultShop.late])

        for command in [["status"], ["runs"], ["models"], ["get", "returns", "customer=7"]] {
            try run("reader", command)
        }
        let known = [
            "dataset", "returns", "--spine", "pipelines/returns.yaml", "--out", "set.parquet",
            "--as-known-at", "3",
        ]
        let writing = try refusal("reader", known)
        #expect(writing.contains("GRANT INSERT ON roost_registry."), "\(writing)")
        try grant([
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA roost_registry TO "
                + "roost_reader"
        ])
        try run("reader", known + ["--force"])
        let appending = try refusal("reader", ["materialize", "--at", "2026-04-01T00:00:00Z"])
        #expect(appending.contains("TO roost_reader\(suffix)"), "\(appending)")
    }

    /// The statements of the documentation, in their order.
    private func documentedRights() throws -> [String] {
        let path = "\(JudgeProcess.packageRoot)/docs/stores.md"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```sql\n").last)
        let lines = block.components(separatedBy: "```")[0].split(separator: "\n")
        return lines.filter { !$0.hasPrefix("--") }.joined(separator: " ").split(separator: ";")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    private func grant(_ statements: [String]) throws {
        for statement in statements {
            var text = statement.replacingOccurrences(
                of: "DATABASE features", with: "DATABASE \(database)")
            for role in ["owner", "writer", "reader"] {
                text = text.replacingOccurrences(
                    of: "roost_\(role)", with: "roost_\(role)\(suffix)")
            }
            try server.runAsOwner(text, database: database)
        }
    }

    private func run(_ role: String, _ words: [String]) throws {
        let run = try shop.run(words + ["--profile", role])
        #expect(run.exitCode == 0, "\(role) \(words): \(run.errors)")
    }

    private func refusal(_ role: String, _ words: [String]) throws -> String {
        let run = try shop.run(words + ["--profile", role])
        #expect(run.exitCode == 2, "\(role) \(words): \(run.errors)")
        return run.errors
    }
}
