import CommitProtocol
import Foundation
import Redis
import TestSupport
import Testing
import Values

@testable import Stores

// What a server has of a change whose end was cut off from its append-only file shows twice: when it
// starts, and when it starts again after more was written behind what is left of it.

@Suite("A Redis whose log is cut off", .serialized)
struct TornLogTests {
    private let logging: LoggingServer
    private let log = Log(partitions: 1, rows: 9, entities: 2, seed: 5)

    init() throws { logging = try LoggingServer() }

    @Test("has each commit whole or not at all, wherever the cut is, also after another commit")
    func commits() throws {
        try Log.begin(0, in: logging.pool())
        let worker = Log.committer(0, in: logging.pool())
        try write(0..<4, worker.claim(OwnerToken(high: 0, low: 1)), worker)
        let begin = try logging.log().count
        try write(4..<8, .resume(Position(4)), worker)
        logging.server.kill()
        let whole = try logging.log()
        var resumed: Set<Int> = []
        for end in begin...whole.count {
            try logging.start(with: whole.prefix(end))
            resumed.insert(try writeOneMore(logging.pool()))
            logging.server.kill()
            try logging.start()
            try check(logging.pool(), "cut at byte \(end) of \(begin)...\(whole.count)")
            logging.server.kill()
        }
        #expect(resumed == [4, 8])
        print("cut the log of a commit at each of its \(whole.count - begin) bytes")
    }

    private func write(
        _ rows: Range<Int>, _ claimed: CommitAction, _ worker: RedisCommitter
    ) throws {
        #expect(claimed == .resume(Position(Int64(rows.lowerBound))))
        let action = try worker.commit(log.batch(0, rows, isShared: false))
        #expect(action == .goOn(from: Position(Int64(rows.upperBound))))
    }

    /// Commits one row more than there are.
    ///
    /// - Returns: how many there were.
    private func writeOneMore(_ pool: RedisPool) throws -> Int {
        let worker = Log.committer(0, in: pool)
        let claimed = try worker.claim(OwnerToken(high: 0, low: 2))
        guard case .resume(let position) = claimed else {
            throw GroupWorker.Unexpected(action: claimed)
        }
        let begin = Int(position.offset)
        try write(begin..<begin + 1, claimed, worker)
        return begin
    }

    /// The states hold the rows before the checkpoint, and no others.
    private func check(_ pool: RedisPool, _ name: String) throws {
        let key = Log.checkpointKey(0)
        let bytes = try pool.withConnection { connection throws(RedisError) in
            var commands = RedisCommands()
            commands.append("GET", [key])
            return try connection.run(commands)[0].optionalBytes()
        }
        let next = try #require(try Checkpoint(stored: bytes)).next
        let wrong = try log.wrongStates(in: pool, isShared: false, ends: [Int(next.offset)])
        #expect(wrong.isEmpty, "\(name): checkpoint \(next.offset)")
    }

    @Test("has whole generations alone, wherever one is built, left to a stream or published")
    func generations() throws {
        let fed = FedView { [address = logging.address] in try RedisOnlineStore(address) }
        try fed.begin()
        var marks: Set<Int64> = []
        try cut {
            for mark in 2...3 as ClosedRange<Int64> { try fed.replace(mark: mark) }
        } then: { name in
            try fed.buildAndAbandon()
            let count = try FedView.count(logging.pool())
            logging.server.kill()
            try logging.start()
            #expect(try FedView.count(logging.pool()) == count, "\(name)")
            marks.insert(try fed.check(name))
            try fed.endLease(logging.pool())
            try fed.checkNext(name, logging.pool())
        }
        #expect(marks == [1, 2, 3])
    }

    @Test("has whole generations of views that no stream feeds")
    func ordinaryGenerations() throws {
        let store = try RedisOnlineStore(logging.address)
        try MarkedStates.fill(store, entities: 10, mark: 1)
        var marks: Set<Int64> = []
        try cut {
            for mark in 2...3 as ClosedRange<Int64> {
                try MarkedStates.fill(store, entities: 10, mark: mark)
            }
        } then: { name in
            let after = try RedisOnlineStore(logging.address)
            try after.beginGeneration(MarkedStates.plan(9)).abandon()
            let count = try FedView.count(logging.pool())
            logging.server.kill()
            try logging.start()
            #expect(try FedView.count(logging.pool()) == count, "\(name)")
            marks.insert(try MarkedStates.check(RedisOnlineStore(logging.address), entities: 10))
        }
        #expect(marks == [1, 2, 3])
    }

    /// Cuts the log of what `change` does at many of its bytes, starts the server with it, and hands
    /// it to `check`, each time with a name.
    private func cut(_ change: () throws -> Void, then check: (String) throws -> Void) throws {
        let begin = try logging.log().count
        try change()
        logging.server.kill()
        let whole = try logging.log()
        let isLong = ProcessInfo.processInfo.environment["ROOST_LONG"] != nil
        let step = isLong ? 5 : 83
        let first = begin + Int.random(in: 0..<step)
        var count = 0
        for end in stride(from: first, through: whole.count, by: step) {
            count += 1
            try logging.start(with: whole.prefix(end))
            _ = try logging.pool().withConnection { connection throws(RedisError) in
                try connection.run("DEL", "r1m:{0}:writer")
            }
            try check("cut at byte \(end) of \(begin)...\(whole.count)")
            logging.server.kill()
        }
        print("cut a log at \(count) of \(whole.count - begin) bytes")
    }
}
