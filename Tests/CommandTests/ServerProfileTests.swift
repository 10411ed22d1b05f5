import Foundation
import TestSupport
import Testing

@Suite("A profile with Redis and PostgreSQL")
struct ServerProfileTests {
    private let shop: FaultShop
    private let folder: TemporaryFolder
    private let redis: RedisServer
    private let postgres: PostgresServer

    init() throws {
        folder = try TemporaryFolder()
        shop = try FaultShop.make(at: folder.file("shop"))
        redis = try RedisServer(["--requirepass", "s3cret"])
        postgres = try PostgresServer()
        try shop.write(
            "roost.yaml",
            """
            profiles:
              servers:
                online: redis://:s3cret@127.0.0.1:\(redis.port)/2
                offline: \(postgres.address)
                registry: \(postgres.address)

            """)
    }

    @Test("gives the same answers, states and training sets as the embedded one")
    func sameAnswers() throws {
        try run(["import", "csv", "input/orders.csv", "--source", "orders"])
        for profile in ["embedded", "servers"] {
            try run(["apply", "--profile", profile])
            try run(["materialize", "--at", FaultShop.late, "--profile", profile])
            let again = try shop.run(["materialize", "--at", FaultShop.late, "--profile", profile])
            #expect(again.exitCode == 99, "\(again.errors)")
        }
        for key in ["1", "7", "999999"] {
            let get = ["get", "returns", "customer=\(key)", "--clock", FaultShop.late]
            let answers = try ["embedded", "servers"].map { profile in
                try run(get + ["--profile", profile])
            }
            #expect(answers[0] == answers[1] && !answers[0].isEmpty)
        }
        let sets = try ["embedded", "servers"].map { profile in
            try run([
                "dataset", "returns", "--spine", "pipelines/returns.yaml", "--out",
                "\(profile).parquet", "--as-known-at", "1", "--profile", profile,
            ])
            return try Data(contentsOf: URL(filePath: shop.file("\(profile).parquet")))
        }
        #expect(sets[0] == sets[1] && !sets[0].isEmpty)
    }

    @Test("keeps its registry in PostgreSQL for every command")
    func registry() throws {
        @discardableResult
        func servers(_ words: String...) throws -> String {
            try run(words + ["--profile", "servers"])
        }
        try run(["import", "csv", "input/orders.csv", "--source", "orders"])
        let plan = try servers("plan")
        #expect(plan.contains("127.0.0.1:\(postgres.port)/roost"))
        #expect(!plan.contains(postgres.password))
        try servers("apply")
        #expect(try shop.run(["apply", "--profile", "servers"]).exitCode == 99)
        try servers("materialize", "--from", FaultShop.early, "--to", FaultShop.late)
        try servers("train", "returns")
        try servers("promote", "returns", "production")
        try servers("promote", "returns", "canary")
        let noEarlier = try shop.run(["rollback", "canary", "--profile", "servers"])
        #expect(noEarlier.exitCode == 2, "\(noEarlier.errors)")
        let status = try servers("status")
        #expect(status.contains("\"production\":") && status.contains("2026-03-01T00:00:00Z"))
        let runs = try servers("runs")
        #expect(runs.contains("materialize") && runs.contains("train"))
        #expect(try servers("models").contains("canary"))
        #expect(try servers("get", "returns", "customer=7", "--clock", FaultShop.late).count > 2)
        // Nothing was put into a file.
        #expect(!FileManager.default.fileExists(atPath: shop.file(".roost/registry.db")))
    }

    @Test("ends with 75 while a server is gone, and shows no password")
    func serversGone() throws {
        try run(["import", "csv", "input/orders.csv", "--source", "orders"])
        try run(["apply", "--profile", "servers"])
        redis.kill()
        let materialize = ["materialize", "--at", FaultShop.late, "--profile", "servers"]
        let withoutRedis = try shop.run(materialize)
        #expect(withoutRedis.exitCode == 75, "\(withoutRedis.errors)")
        #expect(withoutRedis.errors.contains("127.0.0.1:\(redis.port)"))
        try redis.start()
        postgres.kill()
        let withoutPostgres = try shop.run(materialize)
        #expect(withoutPostgres.exitCode == 75, "\(withoutPostgres.errors)")
        for run in [withoutRedis, withoutPostgres] {
            #expect(!run.errors.contains("s3cret") && !run.errors.contains(postgres.password))
        }
        try postgres.start()
        try run(materialize)
    }

    @discardableResult
    private func run(_ words: [String]) throws -> String {
        let run = try shop.run(words)
        #expect(run.exitCode == 0, "\(words): \(run.errors)")
        return run.output
    }
}
