import Foundation
import Redis
import Stores
import Synchronization
import TestSupport
import Testing
import Values

@Suite("Faults of a Redis server")
struct RedisFaultTests {
    private let entities = 3000 as Int64

    private func address(_ port: UInt16) -> RedisAddress {
        RedisAddress(.host("127.0.0.1", port: port))
    }

    private func open(_ server: RedisServer) throws -> RedisOnlineStore {
        try RedisOnlineStore(address(server.port))
    }

    private func admin(_ server: RedisServer) throws -> RedisConnection {
        try RedisConnection(address(server.port))
    }

    /// Waits until `body` gives something.
    private func eventually<Value>(_ body: () throws -> Value) throws -> Value {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            do {
                return try body()
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
            }
        }
    }

    /// The right of a writer that died is over after a minute.
    private func endLease(_ server: RedisServer) throws {
        _ = try admin(server).run("DEL", "r1m:{0}:writer")
    }

    private func stateCount(_ server: RedisServer) throws -> Int {
        try admin(server).run("KEYS", "r1:*").elements().count
    }

    @Test("A server killed while it is written loses nothing that was published, and keeps no rest")
    func killing() throws {
        let server = try RedisServer(["--appendonly", "yes"])
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let published = Atomic<Int64>(0)
        try MarkedStates.fill(open(server), entities: entities, mark: 0)
        var hits = 0
        for round in 1...12 as ClosedRange<Int64> {
            let begun = DispatchSemaphore(value: 0)
            let writing = BackgroundThread { [entities, address = address(server.port)] in
                let store = try RedisOnlineStore(address)
                begun.signal()
                for step in 0..<1000 as Range<Int64> {
                    let mark = round * 1000 + step
                    try MarkedStates.fill(store, entities: entities, mark: mark)
                    published.store(mark, ordering: .releasing)
                }
            }
            begun.wait()
            let end = Date(timeIntervalSinceNow: .random(in: 0...0.15, using: &generator))
            while Date() < end { try MarkedStates.check(open(server), entities: entities) }
            server.kill()
            let error = #expect(throws: StoreError.self) { try writing.value() }
            if error?.code == .unavailable { hits += 1 }
            try server.start()
            let live = try eventually { try MarkedStates.check(open(server), entities: entities) }
            #expect(live >= published.load(ordering: .acquiring), "seed \(seed), round \(round)")
            try endLease(server)
        }
        print("killed Redis while it was written: \(hits) of 12 rounds hit it, seed \(seed)")
        #expect(hits == 12, "seed \(seed)")
        try MarkedStates.fill(open(server), entities: entities, mark: 99_999)
        #expect(try MarkedStates.check(open(server), entities: entities) == 99_999)
        #expect(try stateCount(server) == Int(entities))
    }

    @Test("A connection cut anywhere leaves one whole generation, and the next run ends the work")
    func cutting() throws {
        let server = try RedisServer()
        let proxy = try FaultyProxy(to: server.port)
        defer { proxy.close() }
        try MarkedStates.fill(open(server), entities: entities, mark: 0)
        // What writing a generation, publishing it and removing the one before send, per entity.
        let size = Int(entities) * 190
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var last = 0 as Int64
        var failures = 0
        for mark in 1...40 as ClosedRange<Int64> {
            let store = try RedisOnlineStore(address(proxy.port))
            proxy.cutRequests(after: .random(in: 0...size, using: &generator))
            do throws(any Error) {
                try MarkedStates.fill(store, entities: entities, mark: mark)
                last = mark
            } catch let error as StoreError {
                failures += 1
                #expect(error.code == .unavailable && error.isRetriable, "\(error)")
            }
            proxy.cutRequests(after: .max)
            let live = try MarkedStates.check(open(server), entities: entities)
            // The transaction may have been done although its answer was lost.
            #expect(live == last || live == mark, "seed \(seed), round \(mark)")
            last = live
            try endLease(server)
        }
        print("cut connections: \(proxy.cuts) of 40, \(failures) jobs failed, seed \(seed)")
        #expect(proxy.cuts >= 25 && failures >= 15, "seed \(seed)")
        try MarkedStates.fill(open(server), entities: entities, mark: 99)
        #expect(try stateCount(server) == Int(entities))
    }

    @Test("A server whose disk is full says so, serves on, and takes the work when there is room")
    func fullDisk() throws {
        let disk = try SmallDisk(bytes: 8 << 20)
        let server = try RedisServer([
            "--dir", disk.path, "--appendonly", "yes", "--appendfsync", "everysec",
        ])
        let store = try open(server)
        try MarkedStates.fill(store, entities: entities, mark: 1)
        try disk.leaveFree(64 << 10)
        let error = #expect(throws: StoreError.self) {
            for mark in 2...50 as ClosedRange<Int64> {
                try MarkedStates.fill(store, entities: entities, mark: mark)
            }
        }
        #expect(error?.code == .full, "\(error as Any)")
        #expect(error?.message.contains("disk") == true, "\(error as Any)")
        let live = try MarkedStates.check(store, entities: entities)
        try disk.makeRoom()
        // Redis tries its log again once a second.
        _ = try eventually { try admin(server).run("DEL", "r1m:{0}:writer") }
        try MarkedStates.fill(store, entities: entities, mark: live + 1)
        #expect(try MarkedStates.check(store, entities: entities) == live + 1)
        #expect(try stateCount(server) == Int(entities))
    }

    @Test("A replica is read, but not written")
    func replica() throws {
        let master = try RedisServer()
        try MarkedStates.fill(open(master), entities: 10, mark: 1)
        let replica = try RedisServer(["--replicaof", "127.0.0.1", "\(master.port)"])
        try eventually {
            let live = try open(replica).liveGeneration(view: MarkedStates.view)
            if live == nil { throw RedisServer.Failure(description: "the replica follows nobody") }
        }
        #expect(try MarkedStates.check(open(replica), entities: 10) == 1)
        let store = try open(replica)
        let error = #expect(throws: StoreError.self) {
            try MarkedStates.fill(store, entities: 10, mark: 2)
        }
        #expect(error?.code == .unavailable, "\(error as Any)")
        #expect(error?.message.contains("read-only replica") == true)
        #expect(error?.hint?.contains("master") == true)
        #expect(try MarkedStates.check(open(master), entities: 10) == 1)
    }

    @Test("A version that is too old is refused, with the one that will do")
    func oldVersion() throws {
        let server = try RedisServer()
        let version = try admin(server).run("INFO", "server").optionalBytes() ?? []
        let text = String(decoding: version, as: UTF8.self)
        try #require(text.contains("redis_version:7"), "the test rewrites this version")
        let proxy = try FaultyProxy(to: server.port)
        defer { proxy.close() }
        proxy.fault = .replacing(Array("redis_version:7".utf8), with: Array("redis_version:5".utf8))
        let error = #expect(throws: StoreError.self) {
            try RedisOnlineStore(address(proxy.port))
        }
        #expect(error?.code == .unsafeSetup && error?.message.contains("'5.") == true)
        #expect(error?.hint?.contains("6.2") == true)
    }

    @Test("A wrong password is refused without being shown")
    func wrongPassword() throws {
        let server = try RedisServer(["--requirepass", "sesame"])
        for credentials in ["", ":hush@", "ada:hush@"] {
            let error = #expect(throws: StoreError.self) {
                try RedisOnlineStore(parsing: "redis://\(credentials)127.0.0.1:\(server.port)")
            }
            #expect(error?.code == .denied && error?.isRetriable == false, "\(credentials)")
            #expect(error?.description.contains("hush") == false)
        }
        let text = "redis://:sesame@127.0.0.1:\(server.port)"
        try MarkedStates.fill(RedisOnlineStore(parsing: text), entities: 1, mark: 1)
    }

    @Test("A user needs the commands of the document and no more; each one it lacks is named")
    func rights() throws {
        let server = try RedisServer()
        let text = "redis://ada:love@127.0.0.1:\(server.port)"
        func grant(_ commands: [String]) throws {
            let user =
                ["reset", "on", ">love", "~r1:*", "~r1m:*", "~r1c:*"] + commands.map { "+\($0)" }
            var setting = RedisCommands()
            setting.append("ACL", (["SETUSER", "ada"] + user).map { Array($0.utf8) })
            for reply in try admin(server).run(setting) { try reply.confirm() }
        }
        let reading = ["info", "time", "select", "get", "mget"]
        let writing = [
            "set", "mset", "del", "incr", "pexpire", "hset", "hdel", "hgetall", "scan", "unlink",
            "watch", "unwatch", "multi", "exec",
        ]
        try grant(reading + writing)
        for mark in 1...3 as ClosedRange<Int64> {
            try MarkedStates.fill(RedisOnlineStore(parsing: text), entities: 10, mark: mark)
        }
        try grant(reading)
        #expect(try MarkedStates.check(RedisOnlineStore(parsing: text), entities: 10) == 3)
        // Without these a writer's right is not given back, and is over after a minute.
        let quiet = ["unwatch", "pexpire", "del"]
        for missing in reading + writing where !quiet.contains(missing) {
            try grant((reading + writing).filter { $0 != missing })
            let error = #expect(throws: StoreError.self, "without \(missing)") {
                let store = try RedisOnlineStore(parsing: text)
                // What cannot be removed after a generation was published is told by the next one.
                for mark in 4...5 as ClosedRange<Int64> {
                    try MarkedStates.fill(store, entities: 10, mark: mark)
                }
                try MarkedStates.check(store, entities: 10)
            }
            #expect(error?.code == .denied, "without \(missing): \(error as Any)")
            #expect(error?.message.contains("'\(missing)'") == true, "\(error as Any)")
            try endLease(server)
        }
    }

    @Test("A server restored from an older copy is noticed, and read again when it is built anew")
    func restoredCopy() throws {
        let server = try RedisServer()
        let store = try open(server)
        try MarkedStates.fill(store, entities: entities, mark: 1)
        try MarkedStates.fill(store, entities: entities, mark: 2)
        #expect(try MarkedStates.check(store, entities: entities) == 2)
        try admin(server).run("SAVE").confirm()
        for mark in 3...5 as ClosedRange<Int64> {
            try MarkedStates.fill(store, entities: entities, mark: mark)
        }
        #expect(try MarkedStates.check(store, entities: entities) == 5)
        server.kill()
        try server.start()
        _ = try eventually { try store.liveGeneration(view: "v") }
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) {
                try MarkedStates.check(store, entities: entities)
            }
            #expect(error?.code == .rolledBack && error?.isRetriable == false, "\(error as Any)")
            #expect(error?.hint?.contains("roost materialize v") == true)
        }
        try MarkedStates.fill(store, entities: entities, mark: 6)
        #expect(try MarkedStates.check(store, entities: entities) == 6)
        #expect(try stateCount(server) == Int(entities))
    }

    @Test("A database holds the features of one project")
    func twoProjects() throws {
        let server = try RedisServer()
        let flights = try RedisOnlineStore(address(server.port), project: "flights")
        try MarkedStates.fill(flights, entities: 10, mark: 1)
        let early = try RedisOnlineStore(
            parsing: "redis://127.0.0.1:\(server.port)/1", project: "a")
        let error = #expect(throws: StoreError.self) {
            try RedisOnlineStore(address(server.port), project: "shop")
        }
        #expect(error?.code == .unsafeSetup && error?.isRetriable == false)
        #expect(error?.message.contains("'flights', not of 'shop'") == true, "\(error as Any)")
        #expect(error?.hint?.contains("database of its own") == true)
        #expect(try MarkedStates.check(flights, entities: 10) == 1)
        // Both may have been opened while the database was empty.
        let other = try RedisOnlineStore(
            parsing: "redis://127.0.0.1:\(server.port)/1", project: "b")
        try MarkedStates.fill(early, entities: 10, mark: 1)
        let late = #expect(throws: StoreError.self) {
            try MarkedStates.fill(other, entities: 10, mark: 2)
        }
        #expect(late?.code == .unsafeSetup)
        #expect(try MarkedStates.check(early, entities: 10) == 1)
    }
}
