import Foundation
import Redis
import Stores
import Synchronization
import TestSupport
import Testing
import Values

@Suite("The Redis Cluster store", .serialized)
struct RedisClusterStoreTests {
    private let cluster: RedisClusterServers
    private let conformance: StoreConformance

    init() throws {
        let cluster = try RedisClusterServers()
        self.cluster = cluster
        let address = RedisAddress(.host("127.0.0.1", port: cluster.servers[4].port))
        conformance = StoreConformance { try RedisOnlineStore(address) }
    }

    @Test("does what every online store does")
    func conforming() throws {
        try conformance.publishing()
        try conformance.replacing()
        try conformance.abandoning()
        try conformance.secondWriter()
        try conformance.keys()
        try conformance.writes()
        try conformance.contendedWrites()
    }

    @Test("counts generations past one byte")
    func manyGenerations() throws { try conformance.manyGenerations() }

    @Test("forgets an entity and nothing else, whatever its key looks like")
    func forgetting() throws {
        try conformance.forgetting()
        try conformance.forgettingOddKeys()
    }

    @Test("removes every state of what was replaced from all servers")
    func removal() throws {
        let store = try conformance.open()
        for round in 0..<3 as Range<Int64> { try fill(store, entities: 0..<500, mark: round) }
        var left = 0
        for (index, server) in cluster.servers.enumerated() {
            let isMaster = try cluster.ask(server, ["ROLE"]).hasPrefix("master")
            let connection = try RedisConnection(.init(.host("127.0.0.1", port: server.port)))
            let keys = try connection.run("KEYS", "r1:*").elements().count
            if isMaster { left += keys }
            #expect(keys > 0, "server \(index) has no share")
        }
        #expect(left == 500)
    }

    @Test("is read and written while slots move: every answer is whole and of one generation")
    func resharding() throws {
        let store = try conformance.open()
        try fill(store, entities: 0..<300, mark: 0)
        let moving = Flag()
        let source = try #require(try cluster.master(ofSlot: 0))
        let target = try #require(try cluster.master(ofSlot: 16_000))
        let before = try cluster.ask(cluster.servers[target], ["CLUSTER", "SLOTS"])
        let reader = try conformance.open()
        let reading = BackgroundThread { try read(reader, while: moving, entities: 300) }
        let writing = BackgroundThread { [conformance] in
            let store = try conformance.open()
            var rounds: Int64 = 0
            while moving.isUp {
                rounds += 1
                try fill(store, entities: 0..<300, mark: rounds)
            }
            return rounds
        }
        do {
            defer { moving.lower() }
            try cluster.reshard(3000, from: source, to: target)
        }
        let (answers, generations) = try reading.value()
        let rounds = try writing.value()
        #expect(try cluster.ask(cluster.servers[target], ["CLUSTER", "SLOTS"]) != before)
        #expect(answers > 0 && generations > 0 && rounds > 0, "\(answers) \(generations) \(rounds)")
    }

    @Test("is read through the death of a master, and written again after it")
    func failover() throws {
        let store = try conformance.open()
        try fill(store, entities: 0..<300, mark: 7)
        let dying = Flag()
        let reader = try conformance.open()
        let reading = BackgroundThread { try read(reader, while: dying, entities: 300) }
        let victim = try #require(try cluster.master(ofSlot: 0))
        let witness = victim == 0 ? 1 : 0
        do {
            defer { dying.lower() }
            cluster.servers[victim].kill()
            try cluster.wait("another master has the slots of the dead one") {
                let heir = try cluster.master(ofSlot: 0, knownBy: witness)
                return heir != nil && heir != victim
            }
        }
        let (answers, _) = try reading.value()
        #expect(answers > 0)
        let address = RedisAddress(.host("127.0.0.1", port: cluster.servers[witness].port))
        let after = try RedisOnlineStore(address)
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                try fill(after, entities: 0..<300, mark: 8)
                break
            } catch let error as StoreError where error.isRetriable {
                try #require(ContinuousClock.now < deadline, "\(error)")
            }
        }
        #expect(try after.liveGeneration(view: "v")?.cut == EventTime(microseconds: 8))
    }
}

/// Up until it is lowered.
private final class Flag: Sendable {
    private let value = Atomic(true)

    var isUp: Bool { value.load(ordering: .acquiring) }

    func lower() { value.store(false, ordering: .releasing) }
}

/// Reads all entities again and again; every answer must be of one generation.
///
/// - Returns: how many answers and how many different generations were seen.
private func read(
    _ store: any OnlineStore, while flag: Flag, entities: Int64
) throws -> (answers: Int, generations: Int) {
    let keys = (0..<entities).map { Optional(key($0)) }
    var answers = 0
    var generations: Set<UInt64> = []
    while flag.isUp {
        let answer = try store.read([StoreRequest(view: "v", keys: keys)])[0]
        let generation = try #require(answer.generation)
        let mark = generation.cut.microseconds
        let isWhole = answer.values.enumerated().allSatisfy { index, value in
            value == Array("\(mark) \(index)".utf8)
        }
        #expect(isWhole, "generation \(generation.id)")
        generations.insert(generation.id)
        answers += 1
    }
    return (answers, generations.count)
}

@discardableResult
private func fill(
    _ store: any OnlineStore, entities: Range<Int64>, mark: Int64
) throws -> Generation {
    let writer = try store.beginGeneration(
        GenerationPlan(view: "v", layout: [], identity: [], cut: EventTime(microseconds: mark)))
    for entity in entities {
        try writer.append(key(entity).bytes, Array("\(mark) \(entity)".utf8))
    }
    return try writer.publish()
}

private func key(_ number: Int64) -> EntityKey {
    var key = EntityKey()
    key.append(number)
    return key
}
