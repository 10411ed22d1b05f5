import Foundation
import Server
import TestSupport
import Testing

@Suite("roost serve", .serialized)
struct ServeCommandTests {
    private let shop: ServedShop

    init() throws {
        shop = try ServedShop()
        try shop.run("apply")
        try shop.run("materialize", "--at", "2030-01-01T00:00:00Z")
    }

    @Test("serves what roost get says, from the materialized store, until SIGTERM")
    func serving() throws {
        let clock = "2030-01-01T00:00:00Z"
        let server = try ServeProcess(shop.path, clock: clock)
        let client = server.client
        let served = try ask(client, #""feature_service":"next_order""#)
        #expect(try served == looked(up: clock))
        let single = try ask(client, #""features":["customer_orders:last_amount"]"#)
        #expect(Array(single.keys) == ["last_amount"])
        try client.send(
            post(
                "/get-online-features",
                #"{"features":["customer_order:spent"],"entities":{"customer":["ada"]}}"#))
        let unknown = try client.answer()
        #expect(unknown.status == 404)
        #expect(unknown.body.contains("is it customer_orders?"))
        try client.send(
            post(
                "/get-online-features",
                #"{"feature_service":"next_order","entities":{"customer":[1]}}"#))
        #expect(try client.answer().status == 400)
        #expect(server.stop() == 0)
        #expect(client.isAtEnd())
    }

    /// Feature -> value and status of the customer `ada`, over HTTP.
    private func ask(_ client: LoopbackClient, _ asked: String) throws -> [String: String] {
        try client.send(
            post("/get-online-features", #"{\#(asked),"entities":{"customer":["ada"]}}"#))
        let answer = try client.answer()
        #expect(answer.status == 200, "\(answer.body)")
        let json = try #require(try answer.json() as? [String: Any])
        let metadata = try #require(json["metadata"] as? [String: Any])
        let names = try #require(metadata["feature_names"] as? [String])
        let results = try #require(json["results"] as? [[String: Any]])
        var features: [String: String] = [:]
        for (name, result) in zip(names, results).dropFirst() {
            let value = (result["values"] as? [Any])?.first ?? ""
            let status = (result["statuses"] as? [String])?.first ?? ""
            features[name] = "\(value) \(status)"
        }
        return features
    }

    /// The same by `roost get`.
    private func looked(up clock: String) throws -> [String: String] {
        let output = try JudgeProcess.run(
            ServeProcess.program,
            [
                "get", "next_order", "customer=ada", "--clock", clock, "--project", shop.path,
                "--json",
            ])
        let line = output.split(separator: "\n").last ?? ""
        let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        var features: [String: String] = [:]
        for feature in json?["features"] as? [[String: Any]] ?? [] {
            let name = (feature["name"] as? String ?? "").components(separatedBy: "__").last ?? ""
            features[name] = "\(feature["value"] ?? "") \(feature["status"] ?? "")"
        }
        return features
    }
}
