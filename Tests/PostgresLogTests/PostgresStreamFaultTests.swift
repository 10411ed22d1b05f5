import Columns
import CommitProtocol
import OfflineSupport
import Postgres
import Records
import Stores
import Synchronization
import TestSupport
import Testing
import Values

@testable import PostgresLog

/// What happens to rows of a stream when the server or the network fails: each is there once.
@Suite("Faults of PostgreSQL under a stream", .serialized)
struct PostgresStreamFaultTests {
    @Test("killed hard in the middle of COPY, a server has each record once")
    func killed() throws {
        // Commits reach the disk late, so that a kill takes some back.
        let server = try PostgresServer(["wal_writer_delay=5s", "wal_writer_flush_after=64MB"])
        let log = try PostgresOfflineStore(server.address).eventLog(of: "s")
        try log.begin(cut: 0, partitions: 2)
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let replay = StreamReplay(partition: 1, count: 300_000, rowsEach: 2_000...30_000)
        let isDone = Atomic(false)
        let killer = BackgroundThread { () -> Int in
            var kills = 0
            while kills < 4, try Self.waitForCopy(server, until: isDone) {
                server.killHard()
                try server.start()
                kills += 1
            }
            return kills
        }
        let outcome = try replay.drive(into: log, using: &generator)
        isDone.store(true, ordering: .relaxed)
        let kills = try killer.value()
        print("stream, server killed in COPY: \(kills) times, \(outcome), seed \(seed)")
        #expect(kills >= 2, "seed \(seed)")
        try replay.check(log, "seed \(seed)")
    }

    /// Waits until a COPY is going on; false when there will be none any more.
    private static func waitForCopy(
        _ server: PostgresServer, until isDone: borrowing Atomic<Bool>
    ) throws -> Bool {
        let connection = try PGConnection(server.address)
        while !isDone.load(ordering: .relaxed) {
            let count = try connection.run("SELECT count(*) FROM pg_stat_progress_copy")
            if count != [["0"]] { return true }
        }
        return false
    }

    @Test(
        "a connection cut anywhere leaves each record once",
        arguments: [CuttingProxy.Direction.toServer, .toClient])
    func cut(direction: CuttingProxy.Direction) throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabaseAddress()
        let direct = try PostgresOfflineStore(database)
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let replay = StreamReplay(partition: 0, count: 3000, rowsEach: 100...900)
        var (cuts, most) = (0, 0)
        for round in 0..<24 {
            let name = "cut \(round)"
            let log = try direct.eventLog(of: name)
            try log.begin(cut: 0)
            let limit = round < 1 ? 10_000_000 : Int.random(in: 0..<most, using: &generator)
            let proxy = try CuttingProxy(to: server.port, cuttingAfter: limit, direction)
            defer { proxy.stop() }
            let address = database.replacing(":\(server.port)", with: ":\(proxy.port)")
            let sink = PostgresStreamSink(address, LogTable(source: name), partition: 0)
            // Nothing comes through after the cut: the worker gives up, and another goes on.
            let committer = StreamLogCommitter(sink) { _ in }
            var action = try committer.claim(.random(using: &generator))
            while case .resume(let next) = action, next.offset < 3000 {
                action = try committer.commit(
                    replay.append(from: next.offset, to: next.offset + 500))
                if case .goOn(let next) = action { action = .resume(next) }
            }
            most = max(most, proxy.passed)
            if proxy.hasCut {
                #expect(action == .leave(.isContended), "seed \(seed), round \(round)")
                #expect(committer.lastFailure?.code == .unavailable)
                cuts += 1
            }
            let done = try log.streamState()?.checkpoints[0]?.next.offset ?? 0
            try replay.check(log, to: done, "seed \(seed), round \(round), before")
            _ = try replay.drive(into: log, using: &generator)
            try replay.check(log, "seed \(seed), round \(round), after")
        }
        print("stream, connection cut \(direction): \(cuts) of 24, seed \(seed)")
        #expect(cuts >= 12, "seed \(seed)")
    }

    @Test("workers who both believe to be the owner write each record once")
    func rivals() throws {
        let database = try PostgresServer.shared().makeDatabaseAddress()
        let log = try PostgresOfflineStore(database).eventLog(of: "rivals")
        try log.begin(cut: 0)
        let seed = UInt64.random(in: 0 ... .max)
        let replay = StreamReplay(partition: 0, count: 20_000, rowsEach: 20...200)
        let rivals = (0..<3 as Range<UInt64>).map { rival in
            BackgroundThread {
                var generator = SeededGenerator(seed: seed &+ rival)
                return try replay.drive(into: log, using: &generator)
            }
        }
        let outcomes = try rivals.map { try $0.value() }
        print("stream, rivals: \(outcomes), seed \(seed)")
        #expect(outcomes.reduce(0) { $0 + $1.claims } >= 10, "seed \(seed)")
        try replay.check(log, "seed \(seed)")
    }

    @Test("a checkpoint that moves between looking and writing lets nothing be written")
    func moved() throws {
        let database = try PostgresServer.shared().makeDatabaseAddress()
        let log = try PostgresOfflineStore(database).eventLog(of: "moved")
        try log.begin(cut: 0)
        let table = LogTable(source: "moved")
        let zombie = PostgresStreamSink(database, table, partition: 0)
        let (mine, other) = (OwnerToken.number(1), OwnerToken.number(2))
        let empty = try #require(try zombie.watch())
        let claim = Checkpoint(owner: mine, next: empty.next)
        #expect(try zombie.write(nil, claim, over: empty) == .executed)
        #expect(try zombie.watch() == claim)
        // Another claims, and goes on, after the zombie looked.
        let owner = try log.claimed(by: 2)
        let late = StreamEvents.append(from: 0, hours: [77])
        let moved = Checkpoint(owner: mine, next: late.end)
        #expect(try zombie.write(late, moved, over: claim) == .aborted)
        #expect(try zombie.write(nil, claim, over: claim) == .aborted)
        _ = try owner.commit(StreamEvents.append(from: 0, hours: [1]))
        // One who has the token of the owner, but an older position.
        let stale = Checkpoint(owner: other, next: empty.next)
        _ = try zombie.watch()
        #expect(
            try zombie.write(late, Checkpoint(owner: other, next: late.end), over: stale)
                == .aborted)
        #expect(try log.state(at: .newest).integers() == [1])
        #expect(try log.streamState()?.checkpoints == [Checkpoint(owner: other, next: .init(1))])
    }
}
