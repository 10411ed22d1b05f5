import Redis
import TestSupport
import Testing

@Suite("A pool of connections")
struct RedisPoolTests {
    private let server: RedisServer
    private let pool: RedisPool

    init() throws {
        server = try RedisServer()
        pool = RedisPool(RedisAddress(.host("127.0.0.1", port: server.port)))
    }

    @Test("lends the same connection again")
    func reuse() throws {
        let ids = try (0..<3).map { _ in
            try pool.withConnection { connection throws(RedisError) in
                try connection.run("CLIENT", "ID").number()
            }
        }
        #expect(Set(ids).count == 1)
    }

    @Test("reads on after the server was started anew")
    func restart() throws {
        #expect(try ping() == .status("PONG"))
        server.kill()
        try server.start()
        #expect(try ping() == .status("PONG"))
    }

    @Test("refuses at once while the server is gone, and finds it when it is back")
    func pause() throws {
        server.kill()
        #expect(throws: RedisError.self) { try ping() }
        let start = ContinuousClock.now
        for _ in 0..<1000 { #expect(throws: RedisError.self) { try ping() } }
        #expect(ContinuousClock.now - start < .seconds(5))
        try server.start()
        let deadline = ContinuousClock.now + .seconds(20)
        while (try? ping()) == nil { try #require(ContinuousClock.now < deadline) }
    }

    @Test("reports what the server is")
    func report() throws {
        let report = try pool.withConnection { connection throws(RedisError) in
            try RedisServerReport(asking: connection)
        }
        #expect(report.role == "master" && report.evictionPolicy == "noeviction")
        #expect(report.usedMemory > 0 && !report.keepsLog)
        #expect(report.objections(now: report.clock, isWriting: true) == [])
        var bad = report
        bad.version = "5.0.1"
        bad.evictionPolicy = "allkeys-lru"
        bad.role = "slave"
        bad.clock -= 10_000_000
        let objections = bad.objections(now: report.clock, isWriting: true)
        #expect(objections.count == 4 && objections.allSatisfy { $0.hint != nil })
        #expect(bad.objections(now: report.clock, isWriting: false).count == 3)
    }

    private func ping() throws -> RedisReply {
        try pool.reading { connection throws(RedisError) in try connection.run("PING") }
    }
}
