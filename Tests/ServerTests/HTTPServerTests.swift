import Foundation
import Server
import TestSupport
import Testing
import Values

@Suite("HTTP server over loopback")
struct HTTPServerTests {
    @Test("Pipelined requests are answered in their order")
    func pipelining() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            try client.send((0..<200).map { doubles(of: [$0 * 10]) }.joined())
            for index in 0..<200 where index * 10 > 10 {
                if index == 2 { for _ in 0..<2 { _ = try client.answer() } }
                let answer = try client.answer()
                #expect(answer.status == 200)
                #expect(answer.body.contains(#"{"values":[\#(index * 10)]"#))
            }
        }
    }

    @Test("200 connections are served side by side, by two loops")
    func parallel() throws {
        try withServer(loops: 2) { server in
            let clients = try (0..<200).map { _ in try LoopbackClient(server.address) }
            for round in 1...3 {
                for (index, client) in clients.enumerated() {
                    try client.send(doubles(of: [index * 100 + round * 10]))
                }
                for (index, client) in clients.enumerated() {
                    let answer = try client.answer()
                    #expect(answer.body.contains(#"{"values":[\#(index * 100 + round * 10)]"#))
                }
            }
        }
    }

    @Test("Clients that go away at any point leave nothing behind")
    func abruptCloses() throws {
        try withServer { server in
            let request = [UInt8](doubles(of: [1, 2, 3]).utf8)
            for count in stride(from: 0, through: request.count, by: 7) {
                let client = try LoopbackClient(server.address)
                try client.send(Array(request[..<count]))
                if count % 2 == 0 { client.resetOnClose() }
            }
            let client = try LoopbackClient(server.address)
            var open = ""
            // Resets arrive when the loop gets to them: look until it has, at most 1000 times.
            for _ in 0..<1000 where open != "1" {
                try client.send(get("/metrics"))
                let lines = try client.answer().body.split(separator: "\n")
                open =
                    lines.first { $0.hasPrefix("roost_connections_open ") }
                    .map { String($0.split(separator: " ")[1]) } ?? ""
            }
            #expect(open == "1")
        }
    }

    @Test("A request that comes byte by byte is answered")
    func bytewise() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            for byte in doubles(of: [21]).utf8 { try client.send([byte]) }
            #expect(try client.answer().body.contains("42.0"))
        }
    }

    @Test("The end of the stream after a request is no reason not to answer it")
    func halfClose() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            try client.send(doubles(of: [1]) + doubles(of: [2]))
            client.endSending()
            #expect(try client.answer().status == 200)
            #expect(try client.answer().status == 200)
            #expect(client.isAtEnd())
            let cut = try LoopbackClient(server.address)
            try cut.send("POST / HTTP/1.1\r\nHo")
            cut.endSending()
            #expect(try cut.answer().status == 400)
            #expect(cut.isAtEnd())
        }
    }

    @Test("Methods, versions, paths and Connection are honoured")
    func protocolRules() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            try client.send(get("/get-online-features"))
            let wrongMethod = try client.answer()
            #expect(wrongMethod.status == 405)
            #expect(wrongMethod.fields["allow"] == "POST")
            try client.send("HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = try client.answer(toHead: true)
            #expect(head.status == 200)
            #expect(head.fields["content-length"] == "15")
            #expect(head.fields["date"]?.hasSuffix(" GMT") == true)
            try client.send(get("http://any:1/health?x=1"))
            #expect(try client.answer().status == 200)
            try client.send("POST /get-online-features HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().status == 411)
            try client.send(get("/health", "Connection: close\r\n"))
            let last = try client.answer()
            #expect(last.fields["connection"] == "close")
            #expect(client.isAtEnd())
            let old = try LoopbackClient(server.address)
            try old.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try old.answer().fields["connection"] == "keep-alive")
            try old.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try old.answer().fields["connection"] == "close")
            #expect(old.isAtEnd())
        }
    }

    @Test("100 Continue is sent to a client that waits for it")
    func continuation() throws {
        try withServer { server in
            let client = try LoopbackClient(server.address)
            let body = #"{"entities":{"id":[4]},"feature_service":"doubling"}"#
            try client.send(
                "POST /get-online-features HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try client.answer().status == 100)
            try client.send(body)
            #expect(try client.answer().body.contains("8.0"))
        }
    }

    @Test("A refused request is told why, and ends its connection only")
    func refusals() throws {
        try withServer { server in
            let neighbour = try LoopbackClient(server.address)
            for entry in RequestCorpus.forbidden {
                let client = try LoopbackClient(server.address)
                try client.send(entry.text)
                client.endSending()
                let answer = try client.answer()
                #expect(answer.status == entry.status.rawValue, "\(entry.name)")
                #expect(answer.fields["connection"] == "close")
                #expect(client.isAtEnd(), "\(entry.name)")
            }
            try neighbour.send(get("/health"))
            #expect(try neighbour.answer().status == 200)
        }
    }

    @Test("Mutated requests over sockets leave the server up")
    func randomBytes() throws {
        try withServer { server in
            var requests = RandomRequests(seed: 5)
            for _ in 0..<500 {
                let client = try LoopbackClient(server.address)
                for piece in requests.pieces(of: requests.next()) {
                    guard (try? client.send(Array(piece))) != nil else { break }
                }
                client.endSending()
                let rest = client.rest()
                #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 "))
            }
            let client = try LoopbackClient(server.address)
            try client.send(get("/health"))
            #expect(try client.answer().status == 200)
        }
    }

    @Test("A taken port is an error with a remedy")
    func takenPort() throws {
        try withServer { server in
            let error = #expect(throws: ServerError.self) {
                try HTTPServer(listeningOn: server.address, loops: 1)
            }
            #expect(error?.code == .addressInUse)
        }
        for text in ["", "6566", "a:1", "127.0.0.1:", "127.0.0.1:70000", "::1", "[::1]"] {
            let error = #expect(throws: ServerError.self) { try ListenAddress(parsing: text) }
            #expect(error?.code == .badAddress, "\(text)")
        }
        #expect(try ListenAddress(parsing: "[::1]:80").description == "[::1]:80")
    }
}
