import Foundation
import Stores
import TestSupport
import Testing
import Values

@Suite("roost materialize --verify", .serialized)
struct VerifyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("finds nothing in what was materialized, at each view's own time")
    func same() throws {
        let shop = try TradeProject(at: folder.file("shop"))
        for run in try shop.importRows() { #expect(run.exitCode == 0, "\(run.errors)") }
        for words in [
            ["apply"], ["materialize", "--at", TradeProject.early],
            ["materialize", "bought", "--at", TradeProject.late],
        ] {
            let run = try shop.run(words)
            #expect(run.exitCode == 0, "\(run.errors)")
        }
        let run = try shop.run(["materialize", "--verify"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let views = run.json["views"] as? [[String: Any]] ?? []
        #expect(views.map { $0["verdict"] as? String } == ["same", "same", "same"])
        #expect(views.map { $0["entities"] as? Int } == [12, 12, 16])
        #expect(views.map { $0["cut"] as? String }.first == TradeProject.late)
        // Rows that came later are in no state yet, and no difference.
        let more = try shop.importRows { $0.buyer != 3 }
        #expect(more.allSatisfy { [0, 99].contains($0.exitCode) })
        #expect(try shop.run(["materialize", "--verify"]).exitCode == 0)
        #expect(try shop.run(["materialize", "sold", "--at", TradeProject.late]).exitCode == 0)
        #expect(try shop.run(["materialize", "--verify"]).exitCode == 0)
    }

    @Test("names what is missing, extra and different, with the feature and both values: exit 20")
    func differences() throws {
        let shop = try filled()
        let store = try LMDBOnlineStore(path: shop.file(".roost/online"))
        try rewrite(store, "bought") { number, state, others in
            switch number {
            case 4: nil
            case 6: others[8]
            default: state
            }
        }
        let run = try shop.run(["materialize", "--verify"])
        #expect(run.exitCode == 20 && run.json["status"] as? String == "data_quality")
        let views = run.json["views"] as? [[String: Any]] ?? []
        let view = try #require(views.first { $0["view"] as? String == "bought" })
        #expect(view["missing"] as? Int == 1 && view["different"] as? Int == 1)
        #expect(view["extra"] as? Int == 1 && view["entities"] as? Int == 12)
        let examples = view["examples"] as? [[String: Any]] ?? []
        #expect(examples.map { $0["kind"] as? String } == ["missing", "different", "extra"])
        #expect(
            examples.map { $0["key"] as? String }
                == ["customer=4", "customer=6", "customer=4242"])
        let spent = { (customer: Int) in
            TradeProject.Trade.all.filter { $0.buyer == customer && $0.amount >= 0 }
                .reduce(0) { $0 + $1.amount }
        }
        #expect(examples[1]["feature"] as? String == "spent")
        // All rows are younger than 30 days then, or as old as both.
        #expect(examples[1]["expected"] is Int && examples[1]["found"] is Int)
        #expect(spent(6) != spent(8))
        #expect(views.filter { $0["verdict"] as? String == "same" }.count == 2)
        let told = try RoostProcess.run("materialize", "--verify", in: shop.path)
        #expect(told.output.contains("different customer=6: spent is "), "\(told.output)")
        #expect(told.output.contains("roost materialize bought --at"))
        #expect(try shop.run(["materialize", "sold", "--verify"]).exitCode == 0)
    }

    @Test("says that a view is of other definitions, and takes no time: exits 20 and 2")
    func outdated() throws {
        let shop = try filled()
        let definitions = try String(
            contentsOfFile: shop.file("feature-definitions/trade.yaml"), encoding: .utf8)
        try shop.write(
            "feature-definitions/trade.yaml",
            definitions.replacingOccurrences(
                of: "sum(amount) over 30d", with: "sum(amount) over 7d"))
        #expect(try shop.run(["apply", "--allow-breaking"]).exitCode == 0)
        let run = try shop.run(["materialize", "--verify"])
        let views = run.json["views"] as? [[String: Any]] ?? []
        #expect(run.exitCode == 20)
        #expect(views.first?["verdict"] as? String == "outdated")
        #expect(
            try shop.run(["materialize", "--verify", "--at", TradeProject.late]).exitCode == 2)
    }

    @Test("compares entities whose keys are longer than a store's, in any order")
    func longKeys() throws {
        let shop = try filled()
        let long = String(repeating: "x", count: 450)
        let rows = TradeProject.Trade.all.map { row in
            var fields = row.line.split(separator: ",").map(String.init)
            fields[2] = "\(long)\(row.buyer)"
            return fields.joined(separator: ",")
        }
        try shop.write(
            "input/trades.csv",
            (["buyer,seller,from_city,to_city,amount,at"] + rows).joined(separator: "\n") + "\n")
        for words in [
            ["import", "csv", "input/trades.csv", "--source", "trades"],
            ["materialize", "--at", TradeProject.late], ["materialize", "--verify"],
        ] {
            let run = try shop.run(words)
            #expect(run.exitCode == 0, "\(words): \(run.output) \(run.errors)")
        }
    }

    private func filled() throws -> TradeProject {
        let shop = try TradeProject(at: folder.file("shop"))
        for run in try shop.importRows() { #expect(run.exitCode == 0, "\(run.errors)") }
        for words in [["apply"], ["materialize", "--at", TradeProject.late]] {
            let run = try shop.run(words)
            #expect(run.exitCode == 0, "\(run.errors)")
        }
        return shop
    }

    /// Writes the live generation of `view` again with changed states and one more entity.
    private func rewrite(
        _ store: LMDBOnlineStore, _ view: String,
        _ change: (Int, [UInt8], [Int: [UInt8]]) -> [UInt8]?
    ) throws {
        let live = try #require(try store.liveGeneration(view: view))
        var states: [(entity: [UInt8], state: [UInt8])] = []
        try store.readStates(of: live) { entity, state in
            states.append((entity, state))
            return true
        }
        let numbers = states.map { Int($0.entity.last ?? 0) }
        let all = Dictionary(uniqueKeysWithValues: zip(numbers, states.map(\.state)))
        let writer = try store.beginGeneration(
            GenerationPlan(
                view: view, layout: live.layout, identity: live.identity, cut: live.cut))
        for (number, old) in zip(numbers, states) {
            if let state = change(number, old.state, all) {
                try writer.append(old.entity, state)
            }
        }
        var key = EntityKey()
        key.append(4242)
        try writer.append(key.bytes, states[0].state)
        _ = try writer.publish()
    }
}
