import Columns
import CommitProtocol
import Parquet
import Planning
import PointInTime
import Records
import Stores
import TestSupport
import Testing
import Values

@testable import Jobs

/// Rows of a source that became known some days after they happened, in files and in a stream.
@Suite("Materializing a source whose stream has begun")
struct StreamedLogLoadTests {
    private let folder: TemporaryFolder
    private let project: Project
    private let source: SourcePlan
    private let store: any OfflineStore
    /// One row an hour, ten days long; from the second day on every third is known 4 days later.
    private let hours = 0..<240 as Range<Int64>

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.file(
            "feature-definitions/events.yaml",
            """
            project: events
            entities:
              - name: thing
                keys:
                  number: int64
            sources:
              - name: events
                event_time: at
                known_at: known
                schema:
                  number: int64
                  at: timestamp
                  known: timestamp
                batch:
                  parquet: data/events
            """)
        project = try Project(folder: folder.path)
        source = try project.source(named: "events")
        store = try Project.profile(named: nil, folder: folder.path).openOfflineStore()
        // A file for each day.
        for day in 0..<10 as Range<Int64> {
            let part = batch(day * 24..<day * 24 + 24)
            let path = folder.file("data/events/\(day).parquet")
            try FileSystem.makeFolder(Path.parent(of: path))
            let writer = try ParquetWriter(path: path, schema: part.schema)
            try writer.write(part)
            try writer.close()
        }
    }

    private static func hour(_ hour: Int64) -> EventTime {
        EventTime(microseconds: hour * 3_600_000_000)
    }

    private static func known(_ hour: Int64) -> Int64 {
        hour >= 24 && hour % 3 == 0 ? hour + 96 : hour
    }

    private func batch(_ hours: Range<Int64>) -> ColumnBatch {
        let cells: [[Scalar]] = [
            hours.map { .integer($0) }, hours.map { .timestamp(Self.hour($0)) },
            hours.map { .timestamp(Self.hour(Self.known($0))) },
        ]
        return ColumnBatch(
            schema: source.schema,
            columns: zip(source.schema.fields, cells).map { Column(type: $0.type, $1) },
            rowCount: hours.count)
    }

    private func load(to hour: Int64) throws -> MaterializeReport.Source {
        try EventLogLoad(
            source, ParquetRows(source: source, folder: folder.path), folder: folder.path,
            log: store.eventLog(of: "events"), workers: 2
        ).run(to: Self.hour(hour), at: Self.hour(hour))
    }

    private func numbers() throws -> [Int64] {
        let rows = try store.eventLog(of: "events").state(at: .newest).rows(workers: 1)
        let schema = Schema([Field(name: "number", type: .int64)])
        return try (0..<rows.chunkCount).flatMap { chunk -> [Int64] in
            let column = try rows.read(chunk: chunk, schema: schema).columns[0]
            return (0..<column.count).compactMap {
                if case .integer(let number) = column.scalar(at: $0) { return number }
                return nil
            }
        }.sorted()
    }

    @Test("nothing is loaded of a source whose stream has brought all rows")
    func streamAlone() throws {
        let log = try store.eventLog(of: "events")
        _ = try log.beginStream(
            schema: source.schema, cut: .distantPast, at: [0: Position(0)])
        let report = try load(to: 200)
        #expect(report.appended == 0 && report.isUnchanged)
        #expect(try numbers().isEmpty)
    }

    @Test("each row is in the log once, by its files or by its stream")
    func sides() throws {
        _ = try load(to: 24)
        _ = try load(to: 96)
        #expect(try numbers() == Array(0..<96))
        let log = try store.eventLog(of: "events")
        let schema = try #require(try log.state(at: .newest).schema)
        _ = try log.beginStream(
            schema: schema, cut: Self.hour(120), at: [0: Position(0)])
        // Rows that became known after the cut go; the first day has none, and stays as it is.
        let report = try load(to: 200)
        #expect(report.superseded == 1 && report.completeTo == Self.hour(120))
        let batchSide = (0..<120 as Range<Int64>).filter { Self.known($0) <= 120 }
        #expect(try numbers() == batchSide)
        #expect(batchSide.count < 120)
        #expect(try load(to: 200).isUnchanged)
        // The stream brings every row; the log takes those that are not of the batch side.
        let all = batch(hours)
        let committer = try log.streamCommitter(of: 0)
        #expect(try committer.claim(OwnerToken(high: 1, low: 2)) == .resume(Position(0)))
        let append = StreamAppend(
            end: Position(240), rows: all.appending(all.columns[2], named: StreamRows.knownAt),
            eventTimes: all.columns[1], offsets: Array(hours), rejected: [], at: Self.hour(240))
        #expect(try committer.commit(append) == .goOn(from: Position(240)))
        #expect(try numbers() == Array(hours))
        #expect(try load(to: 240).isUnchanged)
        #expect(try numbers() == Array(hours))
    }
}

@Suite("The words of an entity that is forgotten")
struct ForgottenWordsTests {
    private func isMeant(_ text: String, _ values: Scalar...) -> Bool {
        ForgottenWords(values).mayBe(
            in: RejectedRecord(
                offset: 0, timestamp: nil, key: nil, value: Array(text.utf8), reason: "no JSON"))
    }

    @Test("are found as they stand in a record, and as JSON writes them")
    func found() {
        #expect(isMeant(#"{"carrier": "AA", "delay": 1"#, .string("AA")))
        #expect(isMeant(#"{"name": "Zo\u00eb \"X\" \ud83d\ude00"}"#, .string("Zoë \"X\" 😀")))
        #expect(isMeant("carrier = AA\nnumber = 17", .string("AA"), .integer(17)))
        #expect(isMeant(#"["-5"]"#, .integer(-5)))
        #expect(isMeant("\\", .string("\\")) && isMeant("\\u12", .string("u12")))
    }

    @Test("are not parts of other words, and all must stand there")
    func others() {
        #expect(!isMeant(#"{"carrier": "AAB"}"#, .string("AA")))
        #expect(!isMeant(#"{"number": 117}"#, .integer(17)))
        #expect(!isMeant("carrier = AA\nnumber = 18", .string("AA"), .integer(17)))
        #expect(!isMeant("", .string("AA")))
    }
}
