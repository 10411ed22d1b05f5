import CommitProtocol
import Redis
import TestSupport
import Testing
import Values

@testable import Stores

@Suite("A stream into Redis")
struct RedisStreamTests {
    @Test("goes on where a server is that was set back")
    func setBack() throws {
        let logging = try LoggingServer()
        let fed = StreamConformance { [address = logging.address] in
            try RedisOnlineStore(address)
        }
        let record = try fed.stream(fed.open(), mark: 1)
        let committer = try fed.open().streamCommitter(
            of: record.live.generation.id, partition: 0, isShared: false)
        _ = try committer.claim(fed.token(1))
        _ = try committer.commit(fed.batch(0..<3, [1, 2]))
        let earlier = try logging.log()
        #expect(try committer.commit(fed.batch(3..<6, [1])) == .goOn(from: Position(6)))
        logging.server.kill()
        try logging.start(with: earlier)
        #expect(try committer.commit(fed.batch(6..<8, [1, 2])) == .resume(Position(3)))
        #expect(try committer.commit(fed.batch(3..<8, [1])) == .goOn(from: Position(8)))
        #expect(try fed.states([1, 2]) == ["1 1 0 1 2 3 4 5 6 7", "1 2 0 1 2"])
    }

    @Test("writes nothing to a generation that is replaced while a commit is on its way")
    func lateCommit() throws {
        let server = try RedisServer()
        let fed = conformance(server)
        let store = try fed.open()
        let record = try fed.stream(store, mark: 1)
        try fed.writer(store, mark: 2).leaveToStream()
        let building = try #require(try store.streamRecord(of: "v"))
        let zombie = try store.streamCommitter(
            of: record.live.generation.id, partition: 0, isShared: false)
        _ = try zombie.claim(fed.token(1))
        var batch = fed.batch(0..<1, [1, 50])
        let fold = batch.fold
        batch.fold = { index, state throws(StoreError) in
            if index == 0 { #expect(try store.publishNext(building) != nil) }
            return try fold(index, state)
        }
        #expect(try zombie.commit(batch) == .stop(.hasNoCheckpoint))
        #expect(try states(server) == 20)
    }

    @Test("does not bring back what is forgotten while a commit of it is on its way")
    func lateForgetting() throws {
        let server = try RedisServer()
        let fed = conformance(server)
        let store = try fed.open()
        let record = try fed.stream(store, mark: 1)
        let committer = try store.streamCommitter(
            of: record.live.generation.id, partition: 0, isShared: false)
        _ = try committer.claim(fed.token(1))
        _ = try committer.commit(fed.batch(0..<1, [1]))
        var batch = fed.batch(1..<2, [1])
        let fold = batch.fold
        batch.fold = { index, state throws(StoreError) in
            #expect(try store.forget(fed.key(1), of: ["v"]) == ["v"])
            return try fold(index, state)
        }
        #expect(try committer.commit(batch) == .askAssignment)
        #expect(try fed.states([1]) == [nil])
    }

    @Test("is whole wherever a connection is cut while generations are replaced")
    func cutting() throws {
        let server = try RedisServer()
        let proxy = try FaultyProxy(to: server.port)
        defer { proxy.close() }
        let pool = RedisPool(.init(.host("127.0.0.1", port: server.port)))
        let fed = FedView { [port = server.port] in
            try RedisOnlineStore(.init(.host("127.0.0.1", port: port)))
        }
        try fed.begin()
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var failures = 0
        for mark in 2...61 as ClosedRange<Int64> {
            let store = try RedisOnlineStore(.init(.host("127.0.0.1", port: proxy.port)))
            proxy.cutRequests(after: .random(in: 0...6000, using: &generator))
            do {
                try fed.replace(mark: mark, in: store)
            } catch let error as StoreError {
                failures += 1
                #expect(error.isRetriable, "\(error), seed \(seed)")
            }
            proxy.cutRequests(after: .max)
            try fed.endLease(pool)
            try fed.check("round \(mark), seed \(seed)")
            try fed.checkNext("round \(mark), seed \(seed)", pool)
        }
        print("cut connections: \(proxy.cuts) of 60, \(failures) jobs failed, seed \(seed)")
        #expect(proxy.cuts >= 30 && failures >= 5, "seed \(seed)")
    }

    @Test("is refused where a commit could be torn: by an early version, and by a cluster")
    func unsafeSetups() throws {
        let server = try RedisServer()
        let proxy = try FaultyProxy(to: server.port)
        defer { proxy.close() }
        let live = try conformance(server).fill(conformance(server).open(), mark: 1)
        proxy.fault = .replacing(
            Array("redis_version:7.0".utf8), with: Array("redis_version:6.2".utf8))
        let store = try RedisOnlineStore(.init(.host("127.0.0.1", port: proxy.port)))
        try expectRefusal("6.2") { () throws(StoreError) in
            try store.beginStream(of: live, at: [0: Position(0)])
        }
        try expectRefusal("6.2") { () throws(StoreError) in
            _ = try store.streamCommitter(of: live.id, partition: 0, isShared: false)
        }
        let cluster = try RedisClusterServers()
        let spread = try RedisOnlineStore(.init(.host("127.0.0.1", port: cluster.servers[0].port)))
        try expectRefusal("Cluster") { () throws(StoreError) in
            _ = try spread.streamCommitter(of: 1, partition: 0, isShared: false)
        }
    }

    private func expectRefusal(
        _ word: String, _ body: () throws(StoreError) -> Void
    ) throws {
        let error = #expect(throws: StoreError.self) { try body() }
        #expect(error?.code == .unsafeSetup && error?.message.contains(word) == true)
        #expect(error?.hint?.contains("7.0") == true)
    }

    private func conformance(_ server: RedisServer) -> StreamConformance {
        let address = RedisAddress(.host("127.0.0.1", port: server.port))
        return StreamConformance { try RedisOnlineStore(address) }
    }

    /// How many states the server has.
    private func states(_ server: RedisServer) throws -> Int {
        let connection = try RedisConnection(.init(.host("127.0.0.1", port: server.port)))
        return try connection.run("KEYS", "r1:*").elements().count
    }
}
