import Columns
import OfflineSupport
import PointInTime
import Postgres
import Stores
import TestSupport
import Testing
import Values

@testable import PostgresLog

@Suite("The event log in PostgreSQL", .serialized)
struct PostgresLogTests {
    private let server: PostgresServer
    private let database: String
    private let conformance: EventLogConformance

    /// Each test has a database of its own in the server that all share.
    init() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabaseAddress()
        self.server = server
        database = address
        conformance = EventLogConformance {
            try PostgresOfflineStore(address)
        } code: {
            ($0 as? StoreError)?.code.name
        }
    }

    @Test("gives back the rows of an interval")
    func appending() throws { try conformance.appending() }

    @Test("never appends the same interval twice")
    func sameAgain() throws { try conformance.sameAgain() }

    @Test("lets other input take the place of an interval's rows")
    func replacing() throws { try conformance.replacing() }

    @Test("refuses an interval that overlaps another, and names the gaps")
    func overlapping() throws { try conformance.overlapping() }

    @Test("keeps nothing of an append that fails")
    func failing() throws { try conformance.failing() }

    @Test("lets columns be added and widened, and nothing else")
    func schemas() throws { try conformance.schemas() }

    @Test("keeps columns of every type, with names of any kind")
    func everyType() throws { try conformance.everyType() }

    @Test("shows the log as it was at a time of the clock")
    func earlierTimes() throws { try conformance.earlierTimes() }

    @Test("lets one process write at a time")
    func writers() throws { try conformance.writers() }

    @Test("removes rows from every state in one transaction")
    func removing() throws {
        try conformance.removing()
        try conformance.removingFails()
    }

    @Test("puts rows into partitions by month, and those of far times into two of their own")
    func partitions() throws {
        let log = try PostgresOfflineStore(database).eventLog(of: "parts")
        let far = EventTime(microseconds: 300 * 366 * 24 * 3_600_000_000)
        let hours: [Int64] = [-800_000, 0, 24 * 31, 24 * 31 + 1, 24 * 365 * 250]
        try log.append(EventInterval(from: .distantPast, to: far), hours.map { Optional($0) })
        let counts = try PGConnection(database).run(
            "SELECT tableoid::regclass::text, count(*) FROM roost.parts GROUP BY 1 ORDER BY 1")
        #expect(
            counts == [
                ["parts_after", "1"], ["parts_before", "1"],
                ["parts_y1970m01", "1"], ["parts_y1970m02", "2"],
            ])
        #expect(try log.state(at: .newest).integers() == hours)
    }

    @Test("is read by many threads from one snapshot, whatever is removed meanwhile")
    func snapshots() throws {
        let log = try PostgresOfflineStore(database).eventLog(of: "snap")
        for day in 0..<20 as Range<Int64> {
            try log.append(EventRows.day(day), (0..<24).map { day * 24 + $0 })
        }
        let rows = try log.state(at: .newest).rows(workers: 4)
        try PGConnection(database).run("DELETE FROM roost.snap WHERE _commit < 10")
        let readers = (0..<4).map { _ in
            BackgroundThread {
                try (0..<rows.chunkCount).reduce(0) { total, chunk in
                    total + (try rows.read(chunk: chunk, schema: EventRows.schema)).rowCount
                }
            }
        }
        for reader in readers { #expect(try reader.value() == 480) }
        let error = #expect(throws: StoreError.self) {
            _ = try log.state(at: .newest).integers()
        }
        #expect(error?.code == .corrupt)
    }

    @Test("loses nothing and doubles nothing when the server is killed in the middle of an append")
    func killed() throws {
        let own = try PostgresServer()
        let log = try PostgresOfflineStore(own.address).eventLog(of: "killed")
        try log.append(EventRows.day(0), [1, 2])
        let error = #expect(throws: StoreError.self) {
            _ = try log.append(
                EventRows.day(1, count: 2), identity: [1], schema: EventRows.schema,
                at: EventRows.hour(0)
            ) { append in
                for hour in [24, 48] as [Int64] {
                    let batch = EventRows.batch([hour])
                    try append.write(batch, eventTimes: batch.columns[1])
                    own.kill()
                }
            }
        }
        #expect(error?.code == .unavailable && error?.isRetriable == true)
        try own.start()
        #expect(try log.state(at: .newest).integers() == [1, 2])
        try log.append(EventRows.day(1, count: 2), [24, 48])
        #expect(try log.state(at: .newest).integers() == [1, 2, 24, 48])
    }

    @Test("says what a role may not do")
    func rights() throws {
        _ = try PostgresOfflineStore(database)
        let owner = try PGConnection(server.ownerAddress)
        let role = "reader_\(UInt64.random(in: 0 ... .max))"
        try owner.run("CREATE ROLE \(role) LOGIN PASSWORD 'p'")
        let name = database.split(separator: "/").last.map(String.init) ?? ""
        let address = server.address(user: role, password: "p", database: name)
        let error = #expect(throws: StoreError.self) { _ = try PostgresOfflineStore(address) }
        #expect(error?.code == .denied && error?.hint?.contains("docs/stores.md") == true)
    }

    @Test("refuses tables of a later release, and names that cannot be tables")
    func refusals() throws {
        let store = try PostgresOfflineStore(database)
        for name in ["", "migration", String(repeating: "x", count: 60)] {
            let error = #expect(throws: StoreError.self) { _ = try store.eventLog(of: name) }
            #expect(error?.code == .misuse)
        }
        let taken = Schema([Field(name: "_commit", type: .int64)])
        let error = #expect(throws: StoreError.self) {
            _ = try store.eventLog(of: "s").append(
                EventRows.day(0), identity: [1], schema: taken, at: EventRows.hour(0)
            ) { _ in }
        }
        #expect(error?.code == .schema && error?.message.contains("'_commit'") == true)
        try PGConnection(database).run("INSERT INTO roost.migration (version) VALUES (99)")
        let later = #expect(throws: StoreError.self) { _ = try PostgresOfflineStore(database) }
        #expect(later?.message.contains("99") == true)
    }
}
