import CommitProtocol
import Redis
import TestSupport
import Testing

@testable import Stores

@Suite("Commits to Redis")
struct RedisCommitterTests {

    private let server: RedisServer
    private let pool: RedisPool

    init() throws {
        server = try RedisServer()
        pool = RedisPool(.init(.host("127.0.0.1", port: server.port)))
    }

    @Test("refuse a checkpoint that is damaged")
    func damage() throws {
        let whole = Checkpoint(owner: nil, next: Position(7)).encoded
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 4
            for bytes in [damaged, Array(whole[..<index])] where !bytes.isEmpty {
                try Log.set(Log.checkpointKey(0), bytes, in: pool)
                let error = #expect(throws: StoreError.self) {
                    _ = try Log.committer(0, in: pool).claim(OwnerToken(high: 0, low: 1))
                }
                #expect(error?.code == .corrupt)
            }
        }
        try Log.set(Log.checkpointKey(0), whole, in: pool)
        #expect(
            try Log.committer(0, in: pool).claim(OwnerToken(high: 0, low: 1))
                == .resume(Position(7)))
    }

    @Test("are done again when another partition wrote to a shared state meanwhile")
    func watchedStates() throws {
        let log = Log(partitions: 2, rows: 3, entities: 1, seed: 1)
        let committers = [0, 1].map { Log.committer($0, isShared: true, in: pool) }
        for partition in 0...1 {
            try Log.begin(partition, in: pool)
            _ = try committers[partition].claim(OwnerToken(high: 0, low: UInt64(partition + 1)))
        }
        var batch = log.batch(0, 0..<3, isShared: true)
        let fold = batch.fold
        var count = 0
        batch.fold = { index, state throws(StoreError) in
            count += 1
            if count == 1 {
                let action = try committers[1].commit(log.batch(1, 0..<3, isShared: true))
                #expect(action == .goOn(from: Position(3)))
            }
            return try fold(index, state)
        }
        #expect(try committers[0].commit(batch) == .goOn(from: Position(3)))
        #expect(count == 2)
        #expect(try log.wrongStates(in: pool, isShared: true).isEmpty)
    }

    @Test("are not done when another claimed the partition while states were made")
    func watchedCheckpoint() throws {
        let log = Log(partitions: 1, rows: 6, entities: 2, seed: 1)
        try Log.begin(0, in: pool)
        let (old, new) = (Log.committer(0, in: pool), Log.committer(0, in: pool))
        #expect(try old.claim(OwnerToken(high: 0, low: 1)) == .resume(Position(0)))
        var batch = log.batch(0, 0..<6, isShared: false)
        let fold = batch.fold
        batch.fold = { index, state throws(StoreError) in
            if index == 0 {
                _ = try new.claim(OwnerToken(high: 0, low: 2))
                _ = try new.commit(log.batch(0, 0..<4, isShared: false))
            }
            return try fold(index, state)
        }
        #expect(try old.commit(batch) == .askAssignment)
        #expect(try log.wrongStates(in: pool, isShared: false, ends: [4]).isEmpty)
    }

    @Test("keep as many states in memory as they may, and load the others again")
    func keptStates() throws {
        let log = Log(partitions: 1, rows: 600, entities: 50, seed: 2)
        try Log.begin(0, in: pool)
        let committer = RedisCommitter(
            pool, generation: Log.generation, partition: 0, isShared: false,
            room: KeptStates.Room(byteCount: 5000))
        #expect(try committer.claim(OwnerToken(high: 0, low: 1)) == .resume(Position(0)))
        for end in stride(from: 7, through: 602, by: 7) {
            let rows = end - 7..<min(end, 600)
            #expect(
                try committer.commit(log.batch(0, rows, isShared: false))
                    == .goOn(from: Position(Int64(rows.upperBound))))
        }
        #expect(try log.wrongStates(in: pool, isShared: false).isEmpty)
    }

    @Test("that are refused again and again say why")
    func refusals() throws {
        let log = Log(partitions: 1, rows: 3, entities: 1, seed: 1)
        try Log.begin(0, in: pool)
        let committer = RedisCommitter(
            pool, generation: Log.generation, partition: 0, isShared: false, pause: { _ in })
        _ = try committer.claim(OwnerToken(high: 0, low: 1))
        let admin = try RedisConnection(.init(.host("127.0.0.1", port: server.port)))
        try admin.run("CONFIG", "SET", "maxmemory", "1").confirm()
        let error = #expect(throws: StoreError.self) {
            _ = try committer.commit(log.batch(0, 0..<3, isShared: false))
        }
        #expect(error?.code == .full && error?.message.contains("memory") == true)
        try admin.run("CONFIG", "SET", "maxmemory", "0").confirm()
        let second = Log.committer(0, in: pool)
        #expect(try second.claim(OwnerToken(high: 0, low: 2)) == .resume(Position(0)))
    }
}
