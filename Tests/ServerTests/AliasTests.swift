import Foundation
import Testing

@Suite("Aliases and roost serve", .serialized)
struct AliasTests {
    private let prediction = #"{"model":"production","entities":{"customer":["ada"]}}"#

    /// The digest of the model that answers, or the whole answer when none does.
    private func model(_ server: ServeProcess) throws -> String {
        let answer = try server.post("/predict", prediction)
        let json = try answer.json() as? [String: Any]
        return json?["version"] as? String ?? "\(answer.status) \(answer.body)"
    }

    private func json(_ shop: ServedShop, _ words: String...) throws -> [String: Any] {
        let text = try shop.output(words + ["--json"])
        let line = text.split(separator: "\n").last ?? ""
        return try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }

    private func trained(_ shop: ServedShop) throws -> String {
        try #require(json(shop, "train", "next_order")["model"] as? String)
    }

    @Test("a model is asked by its alias; promote and rollback count after SIGHUP, not before")
    func moving() throws {
        let shop = try ServedShop()
        try shop.run("apply")
        let first = try trained(shop)
        try shop.run("materialize", "--at", ServedShop.clock)
        #expect(try json(shop, "promote", "next_order", "production")["model"] as? String == first)
        let server = try ServeProcess(shop.path, clock: ServedShop.clock)
        #expect(try model(server) == first)

        try shop.write("pipelines/next_order.yaml", ServedShop.pipeline(rounds: 7))
        let second = try trained(shop)
        #expect(second != first)
        try shop.run("promote", String(second.prefix(10)), "production")
        #expect(try model(server) == first)
        kill(server.process.processIdentifier, SIGHUP)
        #expect(server.hear(until: "reloaded").contains("reloaded"))
        #expect(try model(server) == second)

        try shop.run("rollback", "production")
        kill(server.process.processIdentifier, SIGHUP)
        _ = server.hear(until: "reloaded")
        #expect(try model(server) == first)
        let models = try json(shop, "models")["models"] as? [[String: Any]] ?? []
        let aliased = models.filter { ($0["aliases"] as? [String]) == ["production"] }
        #expect(aliased.map { $0["model"] as? String } == [first])
        #expect(server.stop() == 0)
    }

    @Test("SIGHUP follows an apply, and keeps what is there when it cannot")
    func reloading() throws {
        let shop = try ServedShop()
        try shop.run("apply")
        try shop.run("materialize", "--at", ServedShop.clock)
        let server = try ServeProcess(shop.path, clock: ServedShop.clock)
        let ada = #"{"customer":["ada"]}"#
        #expect(try server.value(of: "customer_orders:latest", ada).hasPrefix("404"))
        // The digest has no name in it, so the store has the renamed feature already.
        try shop.edit("last_amount: last(amount)", "latest: last(amount)")
        try shop.run("apply", "--allow-breaking")
        kill(server.process.processIdentifier, SIGHUP)
        _ = server.hear(until: "reloaded")
        #expect(try server.value(of: "customer_orders:latest", ada) == "3.0")
        try shop.write("roost.yaml", "profiles: [")
        kill(server.process.processIdentifier, SIGHUP)
        #expect(server.hear(until: "not reloaded").contains("roost.yaml"))
        #expect(try server.value(of: "customer_orders:latest", ada) == "3.0")
        #expect(server.stop() == 0)
    }
}
