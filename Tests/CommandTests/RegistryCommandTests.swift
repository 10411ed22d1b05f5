import Foundation
import Registry
import TestSupport
import Testing

@Suite("roost status, runs, promote and rollback", .serialized)
struct RegistryCommandTests {
    private let folder: TemporaryFolder
    private var shop: String { folder.file("shop") }
    private let time = "2026-02-02T12:00:00Z"

    init() throws {
        folder = try TemporaryFolder()
        #expect(try RoostProcess.run("init", "shop", in: folder.path).exitCode == 0)
        for source in ["orders", "visits"] {
            let rows = try RoostProcess.run(
                "import", "csv", "input/\(source).csv", "--source", source, in: shop)
            #expect(rows.exitCode == 0)
        }
        #expect(try RoostProcess.run("apply", in: shop).exitCode == 0)
    }

    @Test("status tells what is live, how old it is, and what the event logs have")
    func status() throws {
        let empty = try RoostProcess.run("status", "--json", in: shop)
        #expect(empty.exitCode == 0, "\(empty.errors)")
        let unbuilt = (empty.json["views"] as? [[String: Any]])?.first
        #expect(unbuilt?["generation"] is NSNull && unbuilt?["current"] as? Bool == false)
        let interval = ["--from", "2026-02-01T00:00:00Z", "--to", time]
        #expect(try RoostProcess.start(["materialize"] + interval, in: shop).finish().exitCode == 0)
        let status = try RoostProcess.run(
            "status", "--clock", "2026-02-02T13:30:00Z", "--json", in: shop)
        let view = try #require((status.json["views"] as? [[String: Any]])?.first)
        #expect(view["view"] as? String == "customer_orders" && view["cut"] as? String == time)
        #expect(view["age_seconds"] as? Double == 5400 && view["entities"] as? Int == 2)
        #expect(view["bytes"] as? Int == 123 && view["current"] as? Bool == true)
        #expect((view["last_interval"] as? String)?.hasSuffix("\(time), done") == true)
        let logs = status.json["event_logs"] as? [[String: Any]] ?? []
        let orders = try #require(logs.first { $0["source"] as? String == "orders" })
        #expect(orders["rows"] as? Int == 4 && orders["version"] as? Int == 1)
        #expect(orders["complete_to"] as? String == time)
        let shown = try RoostProcess.run("status", "--clock", "2026-02-02T13:30:00Z", in: shop)
        #expect(shown.output.contains("1.5 h") && shown.output.contains("123 bytes"))
    }

    @Test("runs are kept with what was asked for, how they ended and what was measured")
    func runs() throws {
        let dataset = ["dataset", "next_order", "--spine", "pipelines/next_order.yaml"]
        let out = ["--out", "data/training.parquet"]
        for code: Int32 in [0, 99] {
            #expect(try RoostProcess.start(dataset + out, in: shop).finish().exitCode == code)
        }
        #expect(try RoostProcess.run("materialize", in: shop).exitCode == 2)
        let listed = try RoostProcess.run("runs", "--json", in: shop)
        let runs = listed.json["runs"] as? [[String: Any]] ?? []
        #expect(runs.map { $0["exit"] as? Int } == [0, 99, 2])
        #expect(runs.map { $0["command"] as? String } == ["dataset", "dataset", "materialize"])
        let metrics = runs.first?["metrics"] as? [String: Any]
        #expect(metrics?["rows"] as? Double == 4)
        let asked = "next_order --out data/training.parquet --spine pipelines/next_order.yaml"
        #expect(runs.first?["asked_for"] as? String == asked)
        let last = try RoostProcess.run("runs", "--last", "1", in: shop)
        #expect(last.output.contains("failed (2)") && !last.output.contains("dataset"))
    }

    @Test("promote and rollback refuse what is not there, and names that mean something else")
    func refusals() throws {
        for (words, text) in [
            (["promote", "nobody", "production"], "there is no model 'nobody'"),
            (["promote", "nobody", "a b"], "cannot be an alias"),
            (["rollback", "production"], "was on no model before"),
        ] {
            let run = try RoostProcess.start(words, in: shop).finish()
            #expect(run.exitCode == 2 && run.errors.contains(text), "\(words): \(run.errors)")
        }
    }
}
