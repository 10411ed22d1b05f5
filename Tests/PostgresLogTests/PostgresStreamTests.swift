import Columns
import CommitProtocol
import OfflineSupport
import Postgres
import Records
import Stores
import TestSupport
import Testing
import Values

@testable import PostgresLog

@Suite("Streams in PostgreSQL's event log", .serialized)
struct PostgresStreamTests {
    private let server: PostgresServer
    private let database: String
    private let stream: StreamLogConformance

    /// Each test has a database of its own in the server that all share.
    init() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabaseAddress()
        self.server = server
        database = address
        stream = StreamLogConformance(
            EventLogConformance {
                try PostgresOfflineStore(address)
            } code: {
                ($0 as? StoreError)?.code.name
            })
    }

    @Test("takes rows of a stream with their places, once each")
    func streaming() throws {
        try stream.streaming()
        try stream.streamAlone()
    }

    @Test("lets only the owner of a partition write its rows")
    func fencing() throws { try stream.fencing() }

    @Test("keeps the rows of intervals and of the stream apart")
    func sides() throws { try stream.sides() }

    @Test("keeps records that are no rows, and goes on")
    func rejecting() throws { try stream.rejecting() }

    @Test("shows a stream as it was at a version and at a time")
    func streamSnapshots() throws { try stream.streamSnapshots() }

    @Test("removes rows of a stream, and the records that were none")
    func streamRemoving() throws { try stream.streamRemoving() }

    @Test("lets columns of a stream be added and widened while rows come")
    func streamSchemas() throws {
        try stream.streamSchemas()
        try stream.widenedByInterval()
    }

    @Test("puts rows that a column cannot hold aside, and takes the others")
    func poison() throws {
        let log = try PostgresOfflineStore(database).eventLog(of: "poison")
        let schema = Schema([
            Field(name: "text", type: .string), Field(name: "day", type: .date),
            Field(name: "at", type: .timestamp),
        ])
        try log.begin(cut: 0, schema: schema)
        let rows = 0..<200 as Range<Int64>
        let texts = rows.map { Scalar.string($0 == 70 ? "a\0b" : "row \($0)") }
        let days = rows.map { Scalar.date($0 == 150 ? .max : Int32($0)) }
        let times = rows.map { row -> Scalar in
            if row == 0 { return .timestamp(EventTime(microseconds: .max - 1)) }
            if row == 199 { return .timestamp(EventTime(microseconds: .min + 1)) }
            return .timestamp(EventRows.hour(row))
        }
        let at = Column(type: .timestamp, times)
        let append = StreamAppend(
            end: Position(200),
            rows: ColumnBatch(
                schema: schema,
                columns: [
                    Column(type: .string, texts), Column(type: .date, days), at,
                ], rowCount: 200), eventTimes: at, offsets: Array(rows), rejected: [],
            at: EventRows.hour(0))
        #expect(try log.claimed().commit(append) == .goOn(from: Position(200)))
        // The last times of all are there; what happened before the cut is the batch side's.
        #expect(try log.state(at: .newest).streamRowCount == 197)
        let letters = try log.deadLetters(limit: 9).map(\.record)
        #expect(letters.map(\.offset) == [70, 150])
        #expect(
            letters.map { $0.reason.contains("PostgreSQL cannot hold") } == [true, true],
            "\(letters)")
        let text = String(decoding: letters[0].value ?? [], as: UTF8.self)
        #expect(text.contains("day = 1970-03-12"), "\(text)")
    }

    @Test("takes a stream's rows of months that its role may not make into the default partition")
    func months() throws {
        let log = try PostgresOfflineStore(database).eventLog(of: "months")
        try log.begin(cut: 0)
        let owner = try PGConnection(database)
        let role = "stream_\(UInt64.random(in: 0 ... .max))"
        try PGConnection(server.ownerAddress).run("CREATE ROLE \(role) LOGIN PASSWORD 'p'")
        try owner.runAll(
            """
            GRANT USAGE ON SCHEMA roost TO \(role);
            GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA roost TO \(role);
            GRANT UPDATE ON roost.event_checkpoint, roost.event_stream TO \(role);
            """)
        let name = database.split(separator: "/").last.map(String.init) ?? ""
        let address = server.address(user: role, password: "p", database: name)
        let restricted = try PostgresOfflineStore(address).eventLog(of: "months")
        let committer = try restricted.claimed()
        #expect(
            try committer.commit(StreamEvents.append(from: 0, hours: [5, 800]))
                == .goOn(from: .init(2)))
        let counts = { try owner.run("SELECT count(*) FROM roost.months_default")[0][0] }
        #expect(try counts() == "2")
        #expect(try log.state(at: .newest).integers() == [5, 800])
        let findings = PostgresOfflineStore.findings(database)
        #expect(
            findings.contains { $0.verdict == .warn && $0.message.contains("default partition") })
        #expect(!findings.contains { $0.verdict == .fail })
        // The owner cannot make the month any more, and goes on beside it.
        committer.release()
        let next = try log.claimed(by: 2)
        #expect(
            try next.commit(StreamEvents.append(from: 2, hours: [6, 2000])) == .goOn(from: .init(4))
        )
        #expect(try counts() == "3")
        #expect(try log.state(at: .newest).unsortedIntegers() == [5, 800, 6, 2000])
        try owner.run("UPDATE roost.event_checkpoint SET next = 1 WHERE source = 'months'")
        #expect(
            PostgresOfflineStore.findings(database).contains {
                $0.verdict == .fail && $0.message.contains("checkpoints")
            })
    }
}
