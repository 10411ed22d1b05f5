import Foundation
import TestSupport
import Testing

@Suite("Every combination of stores", .serialized)
struct CombinationTests {
    /// What one combination gave.
    private struct Results {
        /// The outputs by what was asked, without what differs by nature: times and numbers of
        /// generations.
        var texts: [String: String] = [:]
        var files: [String: Data] = [:]
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("gives the same answers, states, training sets, models and predictions")
    func same() throws {
        let redis = try RedisServer()
        let cluster = try RedisClusterServers()
        let online = [
            "lmdb": "lmdb:.roost/online", "redis": "redis://127.0.0.1:\(redis.port)",
            "cluster": "redis://127.0.0.1:\(cluster.servers[2].port)",
        ]
        var first: Results?
        for (number, offline) in ["lake", "postgres"].enumerated() {
            for name in online.keys.sorted() {
                let path = folder.file("\(name)-\(offline)")
                let postgres = offline == "postgres" ? try PostgresServer() : nil
                // Rows in PostgreSQL with a registry of either kind.
                let registry = name == "redis" ? nil : postgres?.address
                let shop = try FaultShop.make(at: path)
                try shop.write(
                    "roost.yaml",
                    """
                    profiles:
                      embedded:
                        online: \(online[name] ?? "")\(name == "redis" ? "/\(number)" : "")
                        offline: \(postgres?.address ?? "lake:.roost/lake")
                        registry: \(registry ?? "sqlite:.roost/registry.db")

                    """)
                let results = try results(shop)
                guard let first else {
                    first = results
                    continue
                }
                for (what, text) in first.texts {
                    #expect(results.texts[what] == text, "\(name), \(offline): \(what)")
                }
                for (what, bytes) in first.files {
                    #expect(results.files[what] == bytes, "\(name), \(offline): \(what)")
                }
                #expect(results.texts.count == first.texts.count)
            }
        }
        #expect(first?.texts.isEmpty == false)
    }

    private func results(_ shop: FaultShop) throws -> Results {
        var results = Results()
        try run(shop, ["import", "csv", "input/orders.csv", "--source", "orders"])
        // All of it but where the registry is.
        results.texts["apply"] = try run(shop, ["apply"]).output.replacing(
            /"registry":"[^"]*"/, with: "\"registry\":\"\"")
        try run(shop, ["materialize", "--at", FaultShop.early])
        let again = try run(shop, ["materialize", "--at", FaultShop.late])
        results.texts["views"] = (again.json["views"] as? [[String: Any]] ?? []).map { view in
            "\(view["view"] ?? "") \(view["entities"] ?? "") \(view["state_bytes"] ?? "")"
        }.joined(separator: "\n")
        let same = try shop.run(["materialize", "--at", FaultShop.late])
        #expect(same.exitCode == 99, "\(same.errors)")
        try run(shop, ["materialize", "--verify"])
        for customer in [1, 7, 1999, 999_999] {
            // All of it, byte for byte, but for the numbers of the generations.
            let get = ["get", "returns", "customer=\(customer)", "--clock", FaultShop.late]
            results.texts["get \(customer)"] = try run(shop, get).output.replacing(
                /"generation":[0-9]+/, with: "\"generation\":0")
        }
        for point in ["1", "2"] {
            try run(
                shop,
                [
                    "dataset", "returns", "--spine", "pipelines/returns.yaml", "--out",
                    "set\(point).parquet", "--as-known-at", point, "--allow-incomplete",
                ])
            results.files["data set at \(point)"] = try Data(
                contentsOf: URL(filePath: shop.file("set\(point).parquet")))
        }
        let trained = try run(shop, ["train", "returns"])
        results.texts["model"] = "\(trained.json["model"] ?? "none")"
        #expect(results.texts["model"] != "none", "\(trained.output)")
        let server = try FaultServer(shop.path)
        results.texts["serve"] = try server.answer()
        results.texts["predict"] = try server.post(
            "/predict", #"{"model":"returns","entities":{"customer":[1,7,1999,999999]}}"#
        ).body
        #expect(results.texts["predict"]?.contains("predictions") == true)
        #expect(server.stop() == 0)
        let forgotten = try run(shop, ["forget", "customer", "customer=7"])
        let removed = forgotten.json["removed"] as? [String: Any] ?? [:]
        let logs = removed["event_logs"] as? [[String: Any]] ?? []
        results.texts["forget"] = "\(removed["states"] ?? "") \(logs.map { $0["rows"] as? Int })"
        try run(shop, ["materialize", "--verify"])
        return results
    }

    @discardableResult
    private func run(_ shop: FaultShop, _ words: [String]) throws -> RoostProcess {
        let run = try shop.run(words)
        #expect(run.exitCode == 0, "\(words): \(run.errors)")
        return run
    }
}
