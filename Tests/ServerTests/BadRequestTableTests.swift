import Foundation
import TestSupport
import Testing

/// What callers get wrong, at `roost serve` as it is shipped: each has its status, and the server
/// answers the next request as ever.
@Suite("Bad requests to roost serve", .serialized)
struct BadRequestTableTests {
    private static let path = "/get-online-features"

    /// A request and the status it gets.
    struct BadRequest: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: String
        let status: Int

        init(_ name: String, body: String, status: Int) {
            self.init(name, raw: post(BadRequestTableTests.path, body), status: status)
        }

        init(_ name: String, raw: String, status: Int) {
            testDescription = name
            request = raw
            self.status = status
        }
    }

    private static let table = [
        BadRequest("a body that is no JSON", body: "customer=ada", status: 422),
        BadRequest("a body that breaks off", body: #"{"entities":{"customer":["a"#, status: 422),
        BadRequest("an empty body", body: "", status: 422),
        BadRequest("JSON of another shape", body: "[]", status: 422),
        BadRequest("a number for a text key", body: asked(#"{"customer":[1]}"#), status: 400),
        BadRequest("true for a text key", body: asked(#"{"customer":[true]}"#), status: 400),
        BadRequest("a list for a key", body: asked(#"{"customer":[["ada"]]}"#), status: 400),
        BadRequest("a misspelt key", body: asked(#"{"custmer":["ada"]}"#), status: 400),
        BadRequest("an unknown service", body: asked(ada, #""feature_service":"x""#), status: 404),
        BadRequest("an unknown view", body: asked(ada, #""features":["x:spent"]"#), status: 404),
        BadRequest(
            "an unknown feature", body: asked(ada, #""features":["customer_orders:x"]"#),
            status: 404),
        BadRequest("no features", body: asked(ada, #""features":[]"#), status: 400),
        BadRequest("no entities", body: asked(#"{"customer":[]}"#), status: 400),
        BadRequest("no keys", body: asked("{}"), status: 400),
        BadRequest("ragged lists", body: asked(#"{"customer":["a","b"],"x":[1]}"#), status: 400),
        BadRequest(
            "a name twice", body: asked(#"{"customer":["a"],"customer":["b"]}"#), status: 422),
        BadRequest("100,000 entities", body: asked(manyCustomers), status: 413),
        BadRequest(
            "a body beyond 4 MiB",
            raw: "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 4194305\r\n\r\n", status: 413),
        BadRequest(
            "a header too long",
            raw: get("/health", "A: \(String(repeating: "x", count: 17 << 10))\r\n"), status: 431),
        BadRequest(
            "too many headers", raw: get("/health", String(repeating: "A: b\r\n", count: 101)),
            status: 431),
        BadRequest(
            "a target too long", raw: get("/" + String(repeating: "x", count: 9 << 10)), status: 414
        ),
        BadRequest("no HTTP", raw: "hello\r\n\r\n", status: 400),
        BadRequest("no Host", raw: "GET /health HTTP/1.1\r\n\r\n", status: 400),
        BadRequest(
            "two lengths", raw: post(path, "{}", "Content-Length: 3\r\n"), status: 400),
        BadRequest("HTTP/2", raw: "GET /health HTTP/2.0\r\nHost: a\r\n\r\n", status: 505),
        BadRequest("GET where POST belongs", raw: get(path), status: 405),
        BadRequest("a path that is not there", raw: get("/features"), status: 404),
        BadRequest(
            "a model that is not there",
            raw: post("/predict", #"{"model":"x","entities":\#(ada)}"#),
            status: 404),
    ]

    private static let ada = #"{"customer":["ada"]}"#

    private static var manyCustomers: String {
        #"{"customer":[\#((0..<100_000).map { "\"\($0)\"" }.joined(separator: ","))]}"#
    }

    private static func asked(
        _ entities: String, _ features: String = #""feature_service":"next_order""#
    ) -> String {
        "{\(features),\"entities\":\(entities)}"
    }

    private func served(_ body: (ServeProcess) throws -> Void) throws {
        let shop = try ServedShop()
        try shop.run("apply")
        try shop.run("materialize", "--at", ServedShop.clock)
        let server = try ServeProcess(shop.path, clock: ServedShop.clock, loops: 1)
        try body(server)
        #expect(server.stop() == 0)
    }

    @Test("are answered as the table says, and harm nobody")
    func table() throws {
        try served { server in
            let healthy = try answer(server)
            #expect(healthy.hasPrefix("200"))
            for row in Self.table {
                let client = try LoopbackClient(server.address)
                try client.send(row.request)
                let answer = try client.answer()
                #expect(answer.status == row.status, "\(row.testDescription): \(answer.body)")
                #expect(throws: Never.self) { try answer.json() }
                // On a connection of its own, and on the same one if that was kept.
                if answer.fields["connection"] != "close" {
                    try client.send(get("/health"))
                    #expect(try client.answer().status == 200, "\(row.testDescription)")
                }
                #expect(try self.answer(server) == healthy, "\(row.testDescription)")
            }
        }
    }

    @Test("that never end are 408 after 10 seconds, however slowly they go on")
    func slowSenders() throws {
        try served { server in
            let half = try LoopbackClient(server.address, patience: 30)
            try half.send("POST \(Self.path) HTTP/1.1\r\nHost: a\r\nContent-Le")
            let slow = try LoopbackClient(server.address, patience: 1)
            try slow.send("GET /health HTTP/1.1\r\n")
            let begun = Date()
            var refusal: LoopbackClient.Answer?
            // It looks for an answer for a second, then sends a little more.
            for _ in 0..<30 where refusal == nil {
                try? slow.send("A: b\r\n")
                refusal = try? slow.answer()
                #expect(try answer(server).hasPrefix("200"))
            }
            #expect(refusal?.status == 408)
            #expect((8...20).contains(Date().timeIntervalSince(begun)))
            #expect(try half.answer().status == 408)
            #expect(half.isAtEnd())
        }
    }

    @Test("on the 4,097th connection of a loop are 503, and there is room when one goes")
    func tooManyConnections() throws {
        try served { server in
            var clients: [LoopbackClient] = []
            // The server's own client is the first.
            for _ in 1..<4096 { clients.append(try LoopbackClient(server.address)) }
            try clients[4094].send(get("/health"))
            #expect(try clients[4094].answer().status == 200)
            let refused = try LoopbackClient(server.address)
            let refusal = try refused.answer()
            #expect(refusal.status == 503 && refusal.fields["retry-after"] == "1")
            #expect(try answer(server).hasPrefix("200"))
            try clients[0].send(get("/health", "Connection: close\r\n"))
            #expect(try clients[0].answer().status == 200 && clients[0].isAtEnd())
            clients.removeFirst()
            let next = try LoopbackClient(server.address)
            try next.send(get("/health"))
            #expect([200, 503].contains(try next.answer().status))
        }
    }

    /// What a good request gets, on the server's own connection.
    private func answer(_ server: ServeProcess) throws -> String {
        let answer = try server.post(Self.path, Self.asked(Self.ada))
        return "\(answer.status) \(answer.body)"
    }
}
