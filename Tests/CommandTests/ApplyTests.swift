import Foundation
import Registry
import TestSupport
import Testing

@Suite("roost plan and roost apply", .serialized)
struct ApplyTests {
    private let folder: TemporaryFolder
    private var shop: String { folder.file("shop") }
    private var definitions: URL { URL(filePath: shop + "/feature-definitions/shop.yaml") }

    init() throws {
        folder = try TemporaryFolder()
        let made = try RoostProcess.run("init", "shop", in: folder.path)
        #expect(made.exitCode == 0, "\(made.errors)")
    }

    private func edit(_ text: String, _ other: String) throws {
        let old = try String(contentsOf: definitions, encoding: .utf8)
        #expect(old.contains(text))
        try Data(old.replacing(text, with: other).utf8).write(to: definitions)
    }

    @Test("plan shows everything and writes nothing")
    func planning() throws {
        let plan = try RoostProcess.run("plan", "--json", in: shop)
        #expect(plan.exitCode == 0)
        #expect((plan.json["changes"] as? [Any])?.count == 3)
        #expect(!FileManager.default.fileExists(atPath: shop + "/.roost"))
    }

    @Test("apply does it once: the same again has nothing to do")
    func applyingTwice() throws {
        let first = try RoostProcess.run("apply", "--json", in: shop)
        #expect(first.exitCode == 0 && first.json["apply"] as? Int == 1)
        let second = try RoostProcess.run("apply", "--json", in: shop)
        #expect(second.exitCode == 99 && second.json["status"] as? String == "nothing_to_do")
        #expect(try RoostProcess.run("plan", in: shop).exitCode == 99)
    }

    @Test("what breaks is refused, names its users, and changes nothing unless allowed")
    func breaking() throws {
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
        try edit("sum(amount) over 30d", "sum(amount) over 60d")
        #expect(try RoostProcess.run("plan", in: shop).exitCode == 0)
        let refused = try RoostProcess.run("apply", "--json", in: shop)
        #expect(refused.exitCode == 2 && refused.json["status"] as? String == "refused")
        #expect(refused.errors.contains("--allow-breaking"))
        let breaks = refused.json["breaks"] as? [[String: Any]]
        #expect(breaks?.first?["name"] as? String == "customer_orders.spent")
        #expect(breaks?.first?["users"] as? [String] == ["service next_order"])
        try edit("sum(amount) over 60d", "sum(amount) over 30d")
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 99)
        try edit("sum(amount) over 30d", "sum(amount) over 60d")
        #expect(try RoostProcess.run("apply", "--allow-breaking", in: shop).exitCode == 0)
    }

    @Test("a window that becomes one of a list is refused with the remedy, which saves its name")
    func keptName() throws {
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
        try edit("sum(amount) over 30d", "sum(amount) over [30d, 60d]")
        let refused = try RoostProcess.run("apply", in: shop)
        #expect(refused.exitCode == 2)
        #expect(refused.output.contains("by `keep: { spent: 30d }` in the view `customer_orders`"))
        try edit("refresh: stream\n", "refresh: stream\n    keep: { spent: 30d }\n")
        let applied = try RoostProcess.run("apply", "--json", in: shop)
        #expect(applied.exitCode == 0, "\(applied.errors)")
        #expect((applied.json["breaks"] as? [Any])?.isEmpty == true)
    }

    @Test("of processes that apply at once one does it, and the others see it")
    func concurrency() throws {
        for round in 0..<3 {
            let registry = ["--profile", "round\(round)"]
            let yaml = (0..<3).map { round in
                """
                  round\(round):
                    online: lmdb:o
                    offline: lake:l
                    registry: sqlite:stores/\(round)/registry.db

                """
            }
            try Data(("profiles:\n" + yaml.joined()).utf8)
                .write(to: URL(filePath: shop + "/roost.yaml"))
            let running = try (0..<4).map { _ in
                try RoostProcess.start(["apply", "--json"] + registry, in: shop)
            }
            let codes = running.map { $0.finish().exitCode }.sorted()
            #expect(codes == [0, 99, 99, 99])
        }
    }

    @Test("a registry that is no registry is refused with its path and a remedy")
    func foreignRegistry() throws {
        try FileManager.default.createDirectory(
            atPath: shop + "/.roost", withIntermediateDirectories: true)
        try Data(String(repeating: "text ", count: 500).utf8)
            .write(to: URL(filePath: shop + "/.roost/registry.db"))
        let run = try RoostProcess.run("apply", in: shop)
        #expect(run.exitCode == 2)
        #expect(run.errors.contains(".roost/registry.db") && run.errors.contains("hint:"))
    }

    @Test("a profile is refused with its place, and no secret is shown")
    func profiles() throws {
        let yaml = """
            profiles:
              production:
                online: memcached://user:hunter2@cache:11211
                offline: lake:lake
                registry: sqlite:${REGISTRY}
            """
        try Data(yaml.utf8).write(to: URL(filePath: shop + "/roost.yaml"))
        let run = try RoostProcess.run(
            "plan", "--profile", "production", in: shop, environment: ["REGISTRY": "r.db"])
        #expect(run.exitCode == 2)
        #expect(run.errors.contains("roost.yaml:3:13"))
        #expect(run.errors.contains("unknown scheme `memcached`"))
        #expect(!run.errors.contains("hunter2"))
        #expect(try RoostProcess.run("plan", "--profile", "typo", in: shop).exitCode == 2)
        #expect(try RoostProcess.run("plan", in: shop).exitCode == 0)
    }

    @Test("a killed apply has happened or not, and the next one goes on")
    func killing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var span = 1.0
        var (killed, rounds) = (0, 0)
        while killed < 30 && rounds < 150 {
            rounds += 1
            try setRegistry("\(rounds)")
            let running = try RoostProcess.start(["apply"], in: shop)
            let deadline = Date(
                timeIntervalSinceNow: Double.random(in: 0...span, using: &generator))
            while Date() < deadline {}
            kill(running.process.processIdentifier, SIGKILL)
            _ = running.finish()
            let wasHit = running.process.terminationReason == .uncaughtSignal
            killed += wasHit ? 1 : 0
            // How long a run takes changes with what else the machine does.
            span *= wasHit ? 1.05 : 0.8
            let next = try RoostProcess.run("apply", in: shop)
            #expect([0, 99].contains(next.exitCode), "seed \(seed): \(next.errors)")
            #expect(try RoostProcess.run("plan", in: shop).exitCode == 99, "seed \(seed)")
        }
        print("killed apply: \(killed) of \(rounds) rounds hit it, seed \(seed)")
        #expect(killed == 30, "seed \(seed)")
    }

    private func setRegistry(_ name: String) throws {
        try Data(
            """
            profiles:
              embedded:
                registry: sqlite:stores/\(name)/registry.db
            """.utf8
        ).write(to: URL(filePath: shop + "/roost.yaml"))
    }

    @Test("data sets are recorded where definitions were applied, and nowhere else")
    func dataSets() throws {
        for source in ["orders", "visits"] {
            let rows = try RoostProcess.run(
                "import", "csv", "input/\(source).csv", "--source", source, in: shop)
            #expect(rows.exitCode == 0, "\(rows.errors)")
        }
        let words = ["dataset", "next_order", "--spine", "pipelines/next_order.yaml", "--force"]
        let out = ["--out", "data/training.parquet"]
        #expect(try RoostProcess.start(words + out, in: shop).finish().exitCode == 0)
        #expect(!FileManager.default.fileExists(atPath: shop + "/.roost"))
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
        #expect(try RoostProcess.start(words + out, in: shop).finish().exitCode == 0)
        let registry = try SQLRegistry(file: shop + "/.roost/registry.db")
        let recorded = try registry.dataSets()
        #expect(recorded.map(\.path) == ["data/training.parquet"])
        #expect(recorded.map(\.rows) == [4])
        let services = try registry.appliedProject()?.services.map(\.identity)
        #expect(recorded.map(\.serviceIdentity) == services)
    }

    @Test("an interval that is done is built again when that is forced or its store is gone")
    func doneIntervals() throws {
        let rows = try RoostProcess.run(
            "import", "csv", "input/orders.csv", "--source", "orders", in: shop)
        #expect(rows.exitCode == 0, "\(rows.errors)")
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
        let times = ["--from", "2026-01-01T00:00:00Z", "--to", "2026-02-03T00:00:00Z"]
        func materialize(_ words: String...) throws -> RoostProcess {
            try RoostProcess.start(["materialize"] + times + words, in: shop).finish()
        }
        #expect(try materialize().exitCode == 0)
        #expect(try materialize().exitCode == 99)
        let forced = try materialize("--force")
        #expect(forced.exitCode == 0, "\(forced.errors)")
        try FileManager.default.removeItem(atPath: shop + "/.roost/online")
        let rebuilt = try materialize()
        #expect(rebuilt.exitCode == 0, "\(rebuilt.errors)")
        let registry = try SQLRegistry(file: shop + "/.roost/registry.db")
        #expect(try registry.intervals(of: "customer_orders").map(\.state) == [.done])
    }
}
