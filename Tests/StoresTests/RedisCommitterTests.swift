import CommitProtocol
import Redis
import Stores
import TestSupport
import Testing

@Suite("Commits to Redis")
struct RedisCommitterTests {

    @Test("stops where there is no checkpoint, and makes one once")
    func creation() throws {
        let server = try RedisServer()
        let pool = RedisPool(.init(.host("127.0.0.1", port: server.port)))
        let key = Log.checkpointKey(0)
        let token = OwnerToken(high: 1, low: .max)
        let first = RedisCommitter(pool, checkpoint: key, isShared: false)
        #expect(try first.claim(token) == .stop(.hasNoCheckpoint))
        #expect(try RedisCommitter.create(checkpoint: key, at: Position(7), in: pool))
        #expect(try !RedisCommitter.create(checkpoint: key, at: Position(9), in: pool))
        #expect(try first.claim(token) == .resume(Position(7)))
    }

    @Test("refuses a checkpoint that is none")
    func damage() throws {
        let server = try RedisServer()
        let pool = RedisPool(.init(.host("127.0.0.1", port: server.port)))
        for fields in [["n", "x"], ["n", "-1"], ["n", "1", "o", "short"]] {
            try pool.withConnection { connection throws(RedisError) in
                _ = try connection.run("DEL", "r1c:{0}:1:0")
                var commands = RedisCommands()
                commands.append("HSET", [Log.checkpointKey(0)] + fields.map { Array($0.utf8) })
                _ = try connection.run(commands)[0].checked()
            }
            let committer = RedisCommitter(
                pool, checkpoint: Log.checkpointKey(0), isShared: false)
            let error = #expect(throws: StoreError.self) {
                _ = try committer.claim(OwnerToken(high: 0, low: 0))
            }
            #expect(error?.code == .corrupt)
        }
    }

    @Test("fences the worker before, and keeps what it wrote")
    func fence() throws {
        let server = try RedisServer()
        let pool = RedisPool(.init(.host("127.0.0.1", port: server.port)))
        let log = Log(partitions: 1, rows: 30, entities: 3, seed: 1)
        let key = Log.checkpointKey(0)
        _ = try RedisCommitter.create(checkpoint: key, at: Position(0), in: pool)
        let old = RedisCommitter(pool, checkpoint: key, isShared: false)
        let new = RedisCommitter(pool, checkpoint: key, isShared: false)
        #expect(try old.claim(OwnerToken(high: 0, low: 1)) == .resume(Position(0)))
        let rows = { (range: Range<Int>) in log.batch(0, range, isShared: false) }
        #expect(try old.commit(rows(0..<10)) == .goOn(from: Position(10)))
        #expect(try new.claim(OwnerToken(high: 0, low: 2)) == .resume(Position(10)))
        #expect(try old.commit(rows(10..<20)) == .askAssignment)
        #expect(try new.commit(rows(10..<30)) == .goOn(from: Position(30)))
        #expect(try log.wrongStates(in: pool, isShared: false).isEmpty)
    }
}
