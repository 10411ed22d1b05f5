import Redis
import Stores
import TestSupport
import Testing
import Values

@Suite("The Redis store")
struct RedisOnlineStoreTests {
    private let server: RedisServer
    private let conformance: StoreConformance

    init() throws {
        let server = try RedisServer()
        self.server = server
        let address = RedisAddress(.host("127.0.0.1", port: server.port))
        conformance = StoreConformance { try RedisOnlineStore(address) }
    }

    private func open() throws -> RedisOnlineStore {
        try RedisOnlineStore(RedisAddress(.host("127.0.0.1", port: server.port)))
    }

    @Test("shows a generation when it is published, whole")
    func publishing() throws { try conformance.publishing() }

    @Test("replaces generations of one view and leaves the others")
    func replacing() throws { try conformance.replacing() }

    @Test("keeps the live generation when another is abandoned")
    func abandoning() throws { try conformance.abandoning() }

    @Test("refuses a second writer")
    func secondWriter() throws { try conformance.secondWriter() }

    @Test("takes keys of any length, in order")
    func keys() throws { try conformance.keys() }

    @Test("counts generations past one byte")
    func manyGenerations() throws { try conformance.manyGenerations() }

    @Test("forgets an entity and nothing else, and gives all states of a generation")
    func forgetting() throws { try conformance.forgetting() }

    @Test("forgets entities whose keys are long or look like other keys")
    func forgettingOddKeys() throws { try conformance.forgettingOddKeys() }

    @Test("keeps what is written entity by entity beside every generation")
    func writes() throws { try conformance.writes() }

    @Test("merges what several write to the same entities, in any order")
    func contendedWrites() throws { try conformance.contendedWrites() }

    @Test("removes every state of what was replaced or abandoned, whatever the bytes of its number")
    func removal() throws {
        let store = try open()
        let admin = try RedisConnection(RedisAddress(.host("127.0.0.1", port: server.port)))
        // 42 is `*`, 63 `?`, 91 `[`, 92 a backslash: all of them mean something in a pattern.
        for start in [41, 62, 90, 254] {
            _ = try admin.run("SET", "r1m:{0}:next", "\(start)")
            for round in 0..<3 as Range<Int64> { try fill(store, entities: 0..<300, mark: round) }
            let left = try admin.run("KEYS", "r1:*").elements()
            #expect(left.count == 300, "from \(start)")
        }
    }

    @Test("is read beside a writer: every answer is whole and of one generation")
    func readingBesideAWriter() throws {
        let store = try open()
        let reader = try open()
        try fill(store, entities: 0..<500, mark: 0)
        let keys = (0..<500 as Range<Int64>).map { Optional(key($0)) }
        let writing = BackgroundThread {
            for round in 1..<30 as Range<Int64> {
                try fill(store, entities: 0..<500, mark: round)
            }
        }
        var seen: Set<UInt64> = []
        while !writing.isFinished {
            let answer = try reader.read([StoreRequest(view: "v", keys: keys)])[0]
            let generation = try #require(answer.generation)
            let mark = generation.cut.microseconds
            let isWhole = answer.values.enumerated().allSatisfy { index, value in
                value == Array("\(mark) \(index)".utf8)
            }
            #expect(isWhole, "generation \(generation.id)")
            seen.insert(generation.id)
        }
        try writing.value()
        #expect(seen.count > 1, "the reader saw \(seen.count) generations")
    }

    @Test("refuses a server that would throw data away")
    func eviction() throws {
        let careless = try RedisServer([
            "--maxmemory", "10mb", "--maxmemory-policy", "allkeys-lru",
        ])
        let error = #expect(throws: StoreError.self) {
            try RedisOnlineStore(RedisAddress(.host("127.0.0.1", port: careless.port)))
        }
        #expect(error?.code == .unsafeSetup)
        #expect(error?.hint?.contains("noeviction") == true)
    }

    @Test("says that the memory is full, and serves on what is live")
    func full() throws {
        let store = try open()
        let live = try fill(store, entities: 0..<10, mark: 1)
        let admin = try RedisConnection(RedisAddress(.host("127.0.0.1", port: server.port)))
        _ = try admin.run("CONFIG", "SET", "maxmemory", "4mb")
        let error = #expect(throws: StoreError.self) {
            let writer = try store.beginGeneration(plan(2))
            for entity in 0..<500 as Range<Int64> {
                try writer.append(key(entity).bytes, [UInt8](repeating: 1, count: 100_000))
            }
            _ = try writer.publish()
        }
        #expect(error?.code == .full)
        #expect(try store.liveGeneration(view: "v") == live)
        _ = try admin.run("CONFIG", "SET", "maxmemory", "0")
        try fill(store, entities: 0..<10, mark: 3)
    }

    @Test("lets no writer publish whose right another one took")
    func stolenRight() throws {
        let store = try open()
        let live = try fill(store, entities: 0..<10, mark: 1)
        let writer = try store.beginGeneration(plan(2))
        try writer.append(key(1).bytes, [1])
        let admin = try RedisConnection(RedisAddress(.host("127.0.0.1", port: server.port)))
        _ = try admin.run("SET", "r1m:{0}:writer", "another")
        let error = #expect(throws: StoreError.self) { try writer.publish() }
        #expect(error?.code == .busy)
        #expect(try store.liveGeneration(view: "v") == live)
    }

    @Test("serves on after the server was started anew with its log")
    func restart() throws {
        let lasting = try RedisServer(["--appendonly", "yes", "--appendfsync", "always"])
        let store = try RedisOnlineStore(RedisAddress(.host("127.0.0.1", port: lasting.port)))
        let live = try fill(store, entities: 0..<10, mark: 1)
        lasting.kill()
        let error = #expect(throws: StoreError.self) { try store.liveGeneration(view: "v") }
        #expect(error?.code == .unavailable && error?.isRetriable == true)
        try lasting.start()
        let deadline = ContinuousClock.now + .seconds(20)
        while (try? store.liveGeneration(view: "v")) == nil {
            try #require(ContinuousClock.now < deadline)
        }
        #expect(try store.liveGeneration(view: "v") == live)
        #expect(
            try store.read([StoreRequest(view: "v", keys: [key(9)])])[0].values
                == [Array("1 9".utf8)])
    }
}

@discardableResult
private func fill(
    _ store: RedisOnlineStore, entities: Range<Int64>, mark: Int64
) throws -> Generation {
    let writer = try store.beginGeneration(plan(mark))
    for entity in entities {
        try writer.append(key(entity).bytes, Array("\(mark) \(entity)".utf8))
    }
    return try writer.publish()
}

private func plan(_ cut: Int64) -> GenerationPlan {
    GenerationPlan(view: "v", layout: [], identity: [], cut: EventTime(microseconds: cut))
}

private func key(_ number: Int64) -> EntityKey {
    var key = EntityKey()
    key.append(number)
    return key
}
