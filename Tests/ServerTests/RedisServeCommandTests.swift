import Foundation
import TestSupport
import Testing

@Suite("roost serve on Redis", .serialized)
struct RedisServeCommandTests {
    private static let entities =
        #"{"customer":["ada","bob","nobody","cyd",null,"ada"]}"#
    /// Requests of every kind, good and bad.
    private static let requests = [
        ("/get-online-features", #"{"feature_service":"next_order","entities":\#(entities)}"#),
        (
            "/get-online-features",
            #"{"feature_service":"next_order","full_feature_names":true,"entities":\#(entities)}"#
        ),
        (
            "/get-online-features",
            #"{"features":["customer_orders:spent","customer_orders:last_amount"],"#
                + #""entities":\#(entities)}"#
        ),
        ("/predict", #"{"model":"next_order","entities":{"customer":["ada","nobody"]}}"#),
        ("/predict", #"{"model":"other","entities":{"customer":["ada"]}}"#),
        ("/get-online-features", #"{"feature_service":"next","entities":{"customer":["ada"]}}"#),
        ("/get-online-features", #"{"feature_service":"next_order","entities":{"customer":[1]}}"#),
        ("/get-online-features", #"{"feature_service":"next_order","entities":{}}"#),
        ("/get-online-features", "{"),
    ]

    @Test("answers as from LMDB, byte for byte, many at a time")
    func equality() throws {
        let shop = try RedisShop()
        _ = try shop.shop.output(["train", "next_order"])
        let local = try shop.serve(from: "embedded")
        let remote = try shop.serve(from: "shared", loops: 2)
        let expected = try Self.requests.map { try local.post($0, $1) }
        #expect(expected.map(\.status).prefix(4) == [200, 200, 200, 200])
        let clients = try (0..<40).map { _ in try LoopbackClient(remote.address) }
        for client in clients {
            let texts = Self.requests.map { post($0, $1) }
            try client.send((texts + texts).joined())
        }
        for client in clients {
            for answer in expected + expected {
                let found = try client.answer()
                #expect(found.status == answer.status)
                #expect(found.body == answer.body)
            }
        }
        let health = try remote.health()
        #expect(health.status == 200)
        #expect(try remote.metrics().contains("roost_view_cut_seconds{view=\"customer_orders\"}"))
        #expect(remote.stop() == 0)
        #expect(local.stop() == 0)
    }

    @Test("says that a view is not there until it is materialized")
    func notMaterialized() throws {
        let shop = try RedisShop()
        try shop.tell("FLUSHALL")
        let server = try shop.serve(from: "shared")
        let (path, body) = Self.requests[0]
        let missing = try server.post(path, body)
        #expect(missing.status == 503)
        #expect(missing.body.contains("roost materialize customer_orders"))
        try shop.shop.run("materialize", "--at", ServedShop.clock, "--profile", "shared")
        #expect(try server.post(path, body).status == 200)
    }

    @Test("is unhealthy while Redis is away, and does not pause others; both pass")
    func outage() throws {
        let shop = try RedisShop(["--appendonly", "yes"])
        let server = try shop.serve(from: "shared")
        let (path, body) = Self.requests[0]
        let good = try server.post(path, body)
        #expect(good.status == 200)
        shop.redis.kill()
        let bad = try server.post(path, body)
        #expect(bad.status == 503 && bad.fields["retry-after"] == "1")
        #expect(try server.health().status == 503)
        #expect(try server.metrics().contains("roost_http_requests_total"))
        try shop.redis.start()
        var answer = bad
        let deadline = Date(timeIntervalSinceNow: 10)
        while answer.status != 200, Date() < deadline { answer = try server.post(path, body) }
        #expect(answer.body == good.body)
        #expect(try server.health().status == 200)
    }

    @Test("answers on over SIGHUP")
    func reloading() throws {
        let shop = try RedisShop()
        let server = try shop.serve(from: "shared")
        let (path, body) = Self.requests[0]
        let before = try server.post(path, body)
        kill(server.process.processIdentifier, SIGHUP)
        #expect(server.hear(until: "reloaded").contains("reloaded"))
        #expect(try server.post(path, body).body == before.body)
        #expect(server.stop() == 0)
    }
}

extension ServeProcess {
    fileprivate func health() throws -> LoopbackClient.Answer {
        try client.send(get("/health"))
        return try client.answer()
    }

    fileprivate func metrics() throws -> String {
        try client.send(get("/metrics"))
        return try client.answer().body
    }
}
