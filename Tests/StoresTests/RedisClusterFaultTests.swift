import Foundation
import Redis
import Stores
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Faults of a Redis Cluster", .serialized)
struct RedisClusterFaultTests {
    private let entities = 500 as Int64

    @Test("Every store's promises hold through TLS, between the servers too")
    func encryption() throws {
        let certificates = try TestCertificates()
        let cluster = try RedisClusterServers(
            tls: .init(certificates.issue("server"), authority: certificates.authority))
        let text = "rediss://localhost:\(cluster.servers[4].port)?ca=\(certificates.authority)"
        let conformance = StoreConformance { try RedisOnlineStore(parsing: text) }
        try conformance.publishing()
        try conformance.replacing()
        try conformance.abandoning()
        let strangers = try TestCertificates()
        let error = #expect(throws: StoreError.self) {
            let port = cluster.servers[0].port
            return try RedisOnlineStore(
                parsing: "rediss://127.0.0.1:\(port)?ca=\(strangers.authority)")
        }
        #expect(error?.code == .unsafeSetup && error?.isRetriable == false)
    }

    @Test("A master that dies under load loses nothing unnoticed, and no state stays twice")
    func failover() throws {
        let cluster = try RedisClusterServers()
        // The tag of all that is no state: its server has the pointers and the writer's right.
        let slot = try #require(
            Int(
                cluster.ask(cluster.servers[0], ["CLUSTER", "KEYSLOT", "r1m:{0}:next"])
                    .trimmingCharacters(in: .whitespacesAndNewlines)))
        let victim = try #require(try cluster.master(ofSlot: slot))
        let witness = victim == 0 ? 1 : 0
        let address = RedisAddress(.host("127.0.0.1", port: cluster.servers[witness].port))
        try MarkedStates.fill(RedisOnlineStore(address), entities: entities, mark: 0)
        let load = Load(address, entities: entities)
        let writing = BackgroundThread { try load.write() }
        let reading = BackgroundThread { try load.read() }
        do {
            defer { load.end() }
            try cluster.wait("generations are published") {
                load.published > 2
            }
            cluster.servers[victim].kill()
            try cluster.wait("another master has the slots of the dead one") {
                let heir = try cluster.master(ofSlot: slot, knownBy: witness)
                return heir != nil && heir != victim
            }
            let before = load.published
            try cluster.wait("generations are published again") {
                load.published > before + 2
            }
        }
        let failures = try writing.value()
        let seen = try reading.value()
        print("master killed under load: \(failures) jobs failed, reads: \(seen)")
        #expect(failures > 0 && seen.answers > 0)
        try? Load.endLease(address)
        let store = try RedisOnlineStore(address)
        #expect(
            try MarkedStates.check(store, entities: entities)
                >= load.published)
        // States of replaced generations stay as long as no replica has the new pointer.
        try cluster.servers[victim].start()
        try cluster.wait("the dead server follows the one that took its place") {
            try cluster.ask(cluster.servers[victim], ["INFO", "replication"])
                .contains("master_link_status:up")
        }
        try MarkedStates.fill(store, entities: entities, mark: 1_000_000)
        #expect(try MarkedStates.check(store, entities: entities) == 1_000_000)
        #expect(try stateCount(cluster) == Int(entities))
    }

    @Test("Slots that move under load take all states along, to the byte, and leave none behind")
    func resharding() throws {
        let cluster = try RedisClusterServers()
        let address = RedisAddress(.host("127.0.0.1", port: cluster.servers[4].port))
        try MarkedStates.fill(RedisOnlineStore(address), entities: entities, mark: 0)
        let isOver = Atomic(false)
        let writing = BackgroundThread { [entities] in
            var mark = 0 as Int64
            while !isOver.load(ordering: .acquiring) {
                mark += 1
                try MarkedStates.fill(RedisOnlineStore(address), entities: entities, mark: mark)
            }
            return mark
        }
        let reading = BackgroundThread { [entities] in
            let store = try RedisOnlineStore(address)
            var answers = 0
            while !isOver.load(ordering: .acquiring) {
                try MarkedStates.check(store, entities: entities)
                answers += 1
            }
            return answers
        }
        let source = try #require(try cluster.master(ofSlot: 0))
        let target = try #require(try cluster.master(ofSlot: 16_000))
        do {
            defer { isOver.store(true, ordering: .releasing) }
            try cluster.reshard(4000, from: source, to: target)
        }
        let (mark, answers) = (try writing.value(), try reading.value())
        print("resharded under load: \(mark) generations, \(answers) answers")
        #expect(mark > 0 && answers > 0)
        let store = try RedisOnlineStore(address)
        #expect(try MarkedStates.check(store, entities: entities) == mark)
        #expect(try stateCount(cluster) == Int(entities))
    }

    /// How many states the masters have.
    private func stateCount(_ cluster: RedisClusterServers) throws -> Int {
        var count = 0
        for server in cluster.servers {
            guard try cluster.ask(server, ["ROLE"]).hasPrefix("master") else { continue }
            let connection = try RedisConnection(.init(.host("127.0.0.1", port: server.port)))
            count += try connection.run("KEYS", "r1:*").elements().count
        }
        return count
    }
}

/// Writers and readers of a cluster whose master dies.
private final class Load: Sendable {
    private let address: RedisAddress
    private let entities: Int64
    private let newest = Atomic<Int64>(0)
    private let isOver = Atomic(false)

    init(_ address: RedisAddress, entities: Int64) {
        self.address = address
        self.entities = entities
    }

    /// The newest generation that was published.
    var published: Int64 { newest.load(ordering: .acquiring) }

    func end() { isOver.store(true, ordering: .releasing) }

    /// Publishes generations.
    ///
    /// - Returns: how many could not be.
    func write() throws -> Int {
        var (mark, failures) = (0 as Int64, 0)
        while !isOver.load(ordering: .acquiring) {
            mark += 1
            do {
                try MarkedStates.fill(RedisOnlineStore(address), entities: entities, mark: mark)
                newest.store(mark, ordering: .releasing)
            } catch let error as StoreError where error.isRetriable {
                failures += 1
                // A minute later it would be free by itself.
                if error.code == .busy { try Self.endLease(address) }
            }
        }
        return failures
    }

    /// Reads all states again and again.
    func read() throws -> (answers: Int, refusals: Int, setbacks: Int) {
        let store = try RedisOnlineStore(address)
        var (answers, refusals, setbacks) = (0, 0, 0)
        while !isOver.load(ordering: .acquiring) {
            do {
                try MarkedStates.check(store, entities: entities)
                answers += 1
            } catch let error as StoreError {
                #expect([.unavailable, .busy, .rolledBack].contains(error.code), "\(error)")
                if error.code == .rolledBack { setbacks += 1 } else { refusals += 1 }
            }
        }
        return (answers, refusals, setbacks)
    }

    static func endLease(_ address: RedisAddress) throws {
        let cluster = try RedisCluster(address)
        let key = Array("r1m:{0}:writer".utf8)
        _ = try cluster.withServer(of: key) { connection throws(RedisError) in
            try connection.run("DEL", "r1m:{0}:writer")
        }
    }
}
