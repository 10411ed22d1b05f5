import Foundation
import Server
import Testing

@Suite("Feast's contract")
struct FeastContractTests {
    private struct Features: Decodable, Equatable {
        struct Result: Decodable, Equatable {
            let values: [Double?]
            let statuses: [String]
            let event_timestamps: [String]
        }
        struct Metadata: Decodable, Equatable {
            let feature_names: [String]
        }
        let metadata: Metadata
        let results: [Result]
    }

    private let path = "/get-online-features"

    private func ask(_ client: LoopbackClient, _ body: String) throws -> LoopbackClient.Answer {
        try client.send(post(path, body))
        return try client.answer()
    }

    @Test("Answers are column-major: join keys first, request order kept, statuses honest")
    func columns() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            let answer = try ask(
                client, #"{"entities":{"id":[3,-1,7,8,3]},"feature_service":"doubling"}"#)
            #expect(answer.status == 200)
            #expect(answer.fields["content-type"] == "application/json")
            let features = try JSONDecoder().decode(Features.self, from: Data(answer.body.utf8))
            #expect(features.metadata.feature_names == ["id", "twice"])
            let start = "1970-01-01T00:00:00Z"
            let key = Features.Result(
                values: [3, -1, 7, 8, 3], statuses: Array(repeating: "PRESENT", count: 5),
                event_timestamps: Array(repeating: start, count: 5))
            let value = Features.Result(
                values: [6, nil, nil, nil, 6],
                statuses: ["PRESENT", "NOT_FOUND", "OUTSIDE_MAX_AGE", "NULL_VALUE", "PRESENT"],
                event_timestamps: [
                    "1970-01-01T00:00:04.5Z", start, "1970-01-01T00:00:10.5Z",
                    "1970-01-01T00:00:12Z", "1970-01-01T00:00:04.5Z",
                ])
            #expect(features.results == [key, value])
        }
    }

    @Test("Single features are asked for as view:feature, and named in full on request")
    func names() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            let answer = try ask(
                client,
                #"{"entities":{"id":[1]},"features":["view:twice"],"full_feature_names":true,"#
                    + #""feature_service":null,"include_feature_view_version_metadata":false}"#)
            #expect(answer.status == 200)
            #expect(answer.body.contains(#""feature_names":["id","view__twice"]"#))
        }
    }

    @Test("An unknown service or view is 404 in the shape that Feast's client reads")
    func unknown() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            let asked = [
                (#""feature_service":"other""#, "FeatureServiceNotFoundException"),
                (#""features":["other:x"]"#, "FeatureViewNotFoundException"),
                (#""features":["view:x"]"#, "FeastObjectNotFoundException"),
            ]
            for (member, name) in asked {
                let answer = try ask(client, #"{"entities":{"id":[1]},\#(member)}"#)
                #expect(answer.status == 404)
                let text = try #require(try answer.json() as? String)
                let error = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
                #expect(error["module"] == "feast.errors")
                #expect(error["class"] == name)
                #expect(error["message"]?.isEmpty == false)
            }
        }
    }

    @Test("What the caller got wrong is a 4xx, and the connection lives on")
    func badInput() throws {
        let cases: [(String, Int)] = [
            ("", 422), ("{", 422), ("no JSON", 422), ("[]", 422), ("null", 422), ("\"a\"", 422),
            (#"{"entities":{"id":[1]}} x"#, 422), (#"{"entities":[1],"feature_service":"d"}"#, 422),
            (#"{"feature_service":"doubling"}"#, 422),
            (#"{"entities":{"id":1},"features":[]}"#, 422),
            (#"{"entities":{"id":[[1]]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[{}]},"feature_service":"doubling"}"#, 422),
            (#"{"entities":{"id":[1]},"feature_service":1}"#, 422),
            (#"{"entities":{"id":[1]},"features":"view:twice"}"#, 422),
            (#"{"entities":{"id":[1]},"features":[1]}"#, 422),
            (#"{"entities":{"id":[1]},"feature_service":"doubling","full_feature_names":1}"#, 422),
            (#"{"entities":{"id":[1],"id":[2]},"feature_service":"doubling"}"#, 422),
            (#"{"entities":{"id":[99999999999999999999]},"feature_service":"doubling"}"#, 422),
            (#"{"entities":{"id":[01]},"feature_service":"doubling"}"#, 422),
            (#"{"entities":{"id":["\ud800"]},"feature_service":"doubling"}"#, 422),
            (String(repeating: "[", count: 100_000), 422),
            (#"{"entities":{"id":["1"]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[1.0]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[18446744073709551615]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[true]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[1],"x":[1,2]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"other":[1]},"feature_service":"doubling"}"#, 400),
            (#"{"entities":{"id":[1]}}"#, 400), (#"{"entities":{"id":[1]},"features":[]}"#, 400),
        ]
        try withServer { server in
            let client = try LoopbackClient(server.address)
            for (body, status) in cases {
                let answer = try ask(client, body)
                #expect(answer.status == status, "\(body.prefix(80)): \(answer.body)")
                #expect(throws: Never.self) { try answer.json() }
            }
            #expect(
                try ask(client, #"{"entities":{"id":[1]},"features":["view:twice"]}"#).status == 200
            )
        }
    }

    @Test("100,000 entities are 413 with the limit; as many as the limit are answered")
    func tooMany() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            try client.send(doubles(of: Array(0..<100_000)))
            let refusal = try client.answer()
            #expect(refusal.status == 413)
            #expect(refusal.body.contains("10000"))
            try client.send(doubles(of: Array(0..<10_000)))
            #expect(try client.answer().status == 200)
        }
    }

    @Test("Predictions name the model and its version")
    func predictions() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            try client.send(post("/predict", #"{"model":"halving","entities":{"id":[3,-1]}}"#))
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.body == #"{"model":"halving","version":"1","predictions":[1.5,null]}"#)
            try client.send(post("/predict", #"{"model":"x","entities":{"id":[3]}}"#))
            #expect(try client.answer().status == 404)
            try client.send(post("/predict", #"{"entities":{"id":[3]}}"#))
            #expect(try client.answer().status == 422)
        }
    }

    @Test("Health is 503 while the service cannot answer")
    func health() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            try client.send(get("/health"))
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.body == #"{"status":"ok"}"#)
        }
        try withServer(service: MemoryService(isHealthy: false)) { server in
            let client = try LoopbackClient(server.address)
            try client.send(get("/health"))
            #expect(try client.answer().status == 503)
        }
    }

    @Test("Metrics count what was answered")
    func metrics() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            for _ in 0..<3 {
                try client.send(doubles(of: [1, 2]))
                _ = try client.answer()
            }
            try client.send(get("/nothing"))
            _ = try client.answer()
            try client.send(get("/metrics"))
            let text = try client.answer().body
            let route = #"{route="/get-online-features""#
            let lines = [
                "roost_http_requests_total\(route),status=\"200\"} 3",
                "roost_http_requests_total{route=\"other\",status=\"404\"} 1",
                "roost_http_request_seconds_count{route=\"/get-online-features\"} 3",
                "roost_entities_total 6", "roost_connections_open 1",
                #"roost_views{store="a\"b"} 1"#,
            ]
            for line in lines { #expect(text.contains(line + "\n"), "\(line) is not in\n\(text)") }
        }
    }
}
