import Server
import Testing
import Values

@Suite("Deadlines, limits and stopping")
struct DeadlineTests {
    private func milliseconds(_ count: Int64) -> EventDuration {
        EventDuration(microseconds: count * 1000)
    }

    @Test("A head that does not come in time is 408, however often a byte comes")
    func slowHead() throws {
        var limits = ServerLimits()
        limits.headTime = milliseconds(150)
        try withServer(limits: limits) { server in
            let silent = try LoopbackClient(server.address)
            try silent.send("GET / HTTP/1.1\r\nHos")
            let slow = try LoopbackClient(server.address)
            try slow.send("GET / HTTP/1.1\r\n")
            // The server waits; the sender goes on until it is refused.
            while (try? slow.send("A: b\r\n")) != nil {}
            #expect(try silent.answer().status == 408)
            #expect(silent.isAtEnd())
        }
    }

    @Test("A body that does not come in time is 408")
    func slowBody() throws {
        var limits = ServerLimits()
        limits.bodyTime = milliseconds(100)
        try withServer(limits: limits) { server in
            let client = try LoopbackClient(server.address)
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(try client.answer().status == 408)
            #expect(client.isAtEnd())
        }
    }

    @Test("An idle connection is closed without a word")
    func idle() throws {
        var limits = ServerLimits()
        limits.idleTime = milliseconds(100)
        try withServer(limits: limits) { server in
            let fresh = try LoopbackClient(server.address)
            let used = try LoopbackClient(server.address)
            try used.send(get("/health"))
            _ = try used.answer()
            #expect(fresh.isAtEnd())
            #expect(used.isAtEnd())
        }
    }

    @Test("A client that does not read its answers is held back, then dropped")
    func slowReader() throws {
        var limits = ServerLimits()
        limits.sendTime = milliseconds(200)
        try withServer(limits: limits, service: MemoryService(copies: 20)) { server in
            let client = try LoopbackClient(server.address)
            let request = doubles(of: Array(0..<10_000))
            var sent = 0
            // The server stops reading, so the sender's buffer fills; then the connection breaks.
            while sent < 10_000, (try? client.send(request)) != nil { sent += 1 }
            #expect(sent < 10_000)
            let other = try LoopbackClient(server.address)
            try other.send(get("/health"))
            #expect(try other.answer().status == 200)
        }
    }

    @Test("A client that reads slowly gets large answers whole")
    func largeAnswers() throws {
        try withServer(service: MemoryService(copies: 20)) { server in
            let client = try LoopbackClient(server.address)
            let request = doubles(of: Array(0..<10_000))
            try client.send(request + request)
            let first = try client.answer()
            let second = try client.answer()
            #expect(first.body.utf8.count > 5_000_000)
            #expect(first.body == second.body)
        }
    }

    @Test("A connection beyond the limit is 503, and there is room again when one goes")
    func connectionLimit() throws {
        var limits = ServerLimits()
        limits.connections = 3
        try withServer(limits: limits) { server in
            var clients = try (0..<3).map { _ in try LoopbackClient(server.address) }
            for client in clients {
                try client.send(get("/health"))
                #expect(try client.answer().status == 200)
            }
            let extra = try LoopbackClient(server.address)
            let refusal = try extra.answer()
            #expect(refusal.status == 503)
            #expect(refusal.fields["retry-after"] == "1")
            try clients[0].send(get("/health", "Connection: close\r\n"))
            _ = try clients[0].answer()
            #expect(clients[0].isAtEnd())
            clients.removeFirst()
            let next = try LoopbackClient(server.address)
            try next.send(get("/health"))
            #expect([200, 503].contains(try next.answer().status))
        }
    }

    @Test("Stopping answers what is under way, closes what is idle and takes nothing new")
    func drain() throws {
        let server = try HTTPServer(
            listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: 1)
        try server.start { MemoryService() }
        let idle = try LoopbackClient(server.address)
        try idle.send(get("/health"))
        _ = try idle.answer()
        let busy = try LoopbackClient(server.address)
        let request = doubles(of: [5])
        try busy.send(get("/health") + request.dropLast(3))
        _ = try busy.answer()
        server.stop()
        #expect(idle.isAtEnd())
        try busy.send(String(request.suffix(3)))
        let answer = try busy.answer()
        #expect(answer.status == 200)
        #expect(answer.fields["connection"] == "close")
        #expect(busy.isAtEnd())
        busy.endSending()
        #expect(throws: LoopbackClient.Failure.self) { try LoopbackClient(server.address) }
        try server.wait()
    }

    @Test("A request that never ends does not keep the server from stopping")
    func drainDeadline() throws {
        var limits = ServerLimits()
        limits.drainTime = milliseconds(100)
        let server = try HTTPServer(
            listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: 2, limits: limits)
        try server.start { MemoryService() }
        let client = try LoopbackClient(server.address)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        server.stop()
        try server.wait()
        #expect(client.isAtEnd())
    }
}
