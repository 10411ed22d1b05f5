import Columns
import OfflineSupport
import PointInTime
import Postgres
import Stores
import TestSupport
import Testing
import Values

@testable import PostgresLog

/// What happens to the event log when the server, the network or the disk fails. Each test sees to it
/// that the fault was met, and finds the rows once and whole afterwards.
@Suite("Faults of PostgreSQL", .serialized)
struct PostgresFaultTests {
    private let hours = Array(24..<48 as Range<Int64>).flatMap { Array(repeating: $0, count: 400) }

    @Test("killed hard in the middle of COPY in, a server has all rows or none")
    func killedWriting() throws {
        let server = try PostgresServer()
        for round in 0..<3 { try killWriting(server, round) }
    }

    private func killWriting(_ server: PostgresServer, _ round: Int) throws {
        let log = try PostgresOfflineStore(server.address).eventLog(of: "s\(round)")
        try log.append(EventRows.day(0), [1, 2])
        var written = 0
        let error = #expect(throws: StoreError.self) {
            _ = try log.append(
                EventRows.day(1), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
            ) { append in
                for part in 0..<6 {
                    if part == 2 * round + 1 { server.killHard() }
                    let batch = EventRows.batch(Array(hours[part * 1600..<(part + 1) * 1600]))
                    try append.write(batch, eventTimes: batch.columns[1])
                    written += 1
                }
            }
        }
        #expect(error?.code == .unavailable && written == 2 * round + 1, "\(written)")
        try server.start()
        #expect(try log.state(at: .newest).integers() == [1, 2])
        try log.append(EventRows.day(1), hours)
        #expect(try log.state(at: .newest).integers() == [1, 2] + hours)
    }

    @Test("killed hard while rows are read, a server is told of, and read again when it is back")
    func killedReading() throws {
        let server = try PostgresServer()
        let log = try PostgresOfflineStore(server.address).eventLog(of: "s")
        try log.append(EventRows.day(1), hours)
        try log.append(EventRows.day(2), [48])
        let rows = try log.state(at: .newest).rows(workers: 1)
        #expect(rows.chunkCount == 2)
        _ = try rows.read(chunk: 0, schema: EventRows.schema)
        server.killHard()
        let error = #expect(throws: StoreError.self) {
            _ = try rows.read(chunk: 1, schema: EventRows.schema)
        }
        #expect(error?.code == .unavailable)
        try server.start()
        #expect(try log.state(at: .newest).integers() == hours + [48])
    }

    @Test(
        "a connection cut anywhere leaves an append done once or not at all",
        arguments: [CuttingProxy.Direction.toServer, .toClient])
    func cutWriting(direction: CuttingProxy.Direction) throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabaseAddress()
        let direct = try PostgresOfflineStore(database)
        var generator = SeededGenerator(seed: 5)
        var (cuts, done) = (0, 0)
        var most = 0
        for round in 0..<20 {
            let name = "cut \(round)"
            try direct.eventLog(of: name).append(EventRows.day(0), [1])
            let limit = round < 2 ? 10_000_000 : Int.random(in: 0..<most, using: &generator)
            let proxy = try CuttingProxy(to: server.port, cuttingAfter: limit, direction)
            defer { proxy.stop() }
            let address = database.replacing(":\(server.port)", with: ":\(proxy.port)")
            do {
                let log = try PostgresOfflineStore(address).eventLog(of: name)
                try log.append(EventRows.day(1), hours)
                done += 1
                most = max(most, proxy.passed)
            } catch let error as StoreError {
                #expect(error.code == .unavailable, "round \(round): \(error)")
                #expect(proxy.hasCut, "round \(round): \(error)")
                cuts += 1
            }
            let log = try direct.eventLog(of: name)
            let found = try log.state(at: .newest).integers()
            #expect(found == [1] || found == [1] + hours, "round \(round)")
            try waitForRight(to: name, database)
            try log.append(EventRows.day(1), hours)
            #expect(try log.state(at: .newest).integers() == [1] + hours, "round \(round)")
        }
        print("cut \(direction): \(cuts) appends met it, \(done) did not")
        #expect(cuts >= 12 && done >= 2)
    }

    @Test("a connection cut while rows are read is never a shorter answer")
    func cutReading() throws {
        let server = try PostgresServer.shared()
        let database = try server.makeDatabaseAddress()
        try PostgresOfflineStore(database).eventLog(of: "s").append(EventRows.day(1), hours)
        var generator = SeededGenerator(seed: 6)
        var cuts = 0
        for round in 0..<16 {
            let limit = round == 0 ? 10_000_000 : Int.random(in: 0..<400_000, using: &generator)
            let proxy = try CuttingProxy(to: server.port, cuttingAfter: limit, .toClient)
            defer { proxy.stop() }
            let address = database.replacing(":\(server.port)", with: ":\(proxy.port)")
            do {
                let log = try PostgresOfflineStore(address).eventLog(of: "s")
                #expect(try log.state(at: .newest).integers() == hours, "round \(round)")
            } catch let error as StoreError {
                #expect(error.code == .unavailable && proxy.hasCut, "round \(round): \(error)")
                cuts += 1
            }
        }
        #expect((1..<16).contains(cuts))
    }

    @Test("a full disk of the server ends an append with what to do, and nothing is lost")
    func fullDisk() throws {
        let disk = try SmallDisk(bytes: 180 << 20)
        let server = try PostgresServer(
            ["max_wal_size=32MB", "min_wal_size=32MB", "shared_buffers=16MB"],
            in: disk.file("server"))
        defer { server.kill() }
        let log = try PostgresOfflineStore(server.address).eventLog(of: "s")
        try log.append(EventRows.day(0), [1, 2])
        try disk.leaveFree(3 << 20)
        let error = #expect(throws: StoreError.self) {
            _ = try log.append(
                EventRows.day(1), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
            ) { append in
                for _ in 0..<200 {
                    let batch = EventRows.batch(hours)
                    try append.write(batch, eventTimes: batch.columns[1])
                }
            }
        }
        #expect(disk.freeBytes < 1 << 20)
        #expect(error?.isRetriable == true, "\(String(describing: error))")
        #expect([.diskFull, .unavailable].contains(error?.code))
        try disk.makeRoom()
        if (try? PGConnection(server.address).run("SELECT 1")) == nil {
            // Without room for its log a server stops.
            server.kill()
            try server.start()
        }
        #expect(try log.state(at: .newest).integers() == [1, 2])
        try log.append(EventRows.day(1), hours)
        #expect(try log.state(at: .newest).integers() == [1, 2] + hours)
    }

    @Test("a standby is read, and names the primary as the place to write")
    func standby() throws {
        let primary = try PostgresServer()
        let log = try PostgresOfflineStore(primary.address).eventLog(of: "s")
        try log.append(EventRows.day(1), hours)
        let standby = try PostgresServer(following: primary)
        let follower = try PostgresOfflineStore(standby.address).eventLog(of: "s")
        #expect(try follower.state(at: .newest).integers() == hours)
        let error = #expect(throws: StoreError.self) {
            try follower.append(EventRows.day(2), [48])
        }
        #expect(error?.code == .unavailable && error?.hint?.contains("primary") == true)
        try primary.runAsOwner("ALTER DATABASE roost SET default_transaction_read_only = on")
        let soft = #expect(throws: StoreError.self) { try log.append(EventRows.day(2), [48]) }
        #expect(soft?.code == .unavailable && soft?.message.contains("read-only") == true)
        try primary.runAsOwner("ALTER DATABASE roost SET default_transaction_read_only = off")
        try log.append(EventRows.day(2), [48])
        #expect(try log.state(at: .newest).integers() == hours + [48])
    }

    /// A server notices only after a while that a client is gone, and keeps its locks until then.
    private func waitForRight(to source: String, _ address: String) throws {
        let connection = try PGConnection(address)
        try connection.run(
            "SELECT pg_advisory_lock(hashtextextended($1, 0))", ["roost roost.\"\(source)\""])
    }
}
