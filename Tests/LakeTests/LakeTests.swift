import Columns
import Foundation
import PointInTime
import Stores
import TestSupport
import Testing
import Values

@testable import Lake

@Suite("The lake")
struct LakeTests {
    private let folder: TemporaryFolder
    private let source: LakeSource

    init() throws {
        folder = try TemporaryFolder()
        source = try Lake(folder: folder.file("lake")).source("departures")
    }

    @Test("gives back the rows of an interval, a file for each day")
    func appending() throws {
        #expect(try source.snapshot().rowCount == 0)
        let receipt = try source.append(EventRows.day(0, count: 3), Array(0..<72))
        #expect(receipt.isNew && receipt.counts.written == 72)
        let snapshot = try source.snapshot()
        #expect(try snapshot.integers() == Array(0..<72))
        #expect(
            snapshot.commits[0].files.map { String($0.path.prefix(13)) }
                == ["ds=1970-01-01", "ds=1970-01-02", "ds=1970-01-03"])
        #expect(try snapshot.integers(interval: EventRows.day(1)) == Array(24..<48))
        #expect(snapshot.schema == EventRows.schema)
    }

    @Test("leaves out rows of other times and without a time, and counts them")
    func outside() throws {
        let receipt = try source.append(EventRows.day(1), [0, 23, 24, nil, 47, 48, -1])
        #expect(receipt.counts.written == 2)
        #expect(receipt.counts.outside == 4)
        #expect(receipt.counts.withoutTime == 1)
        #expect(try source.snapshot().integers() == [24, 47])
    }

    @Test("never appends the same interval twice, and does not ask for its rows again")
    func sameAgain() throws {
        let first = try source.append(EventRows.day(0), Array(0..<24))
        let again = try source.append(
            EventRows.day(0), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
        ) { _ in Issue.record("the rows were asked for") }
        #expect(!again.isNew && again.entry == first.entry)
        #expect(try source.snapshot().integers() == Array(0..<24))
    }

    @Test("lets other input take the place of an interval's rows; older snapshots keep theirs")
    func replacing() throws {
        try source.append(EventRows.day(0), [1, 2, 3])
        try source.append(EventRows.day(1), [30])
        let before = try source.snapshot()
        try source.append(EventRows.day(0), identity: 2, [4])
        #expect(try source.snapshot().integers() == [4, 30])
        #expect(try before.integers() == [1, 2, 3, 30])
        #expect(try source.snapshot(at: .version(1)).integers() == [1, 2, 3])
        #expect(try source.snapshot().identity != before.identity)
    }

    @Test("refuses an interval that overlaps another, and names the gaps")
    func overlapping() throws {
        try source.append(EventRows.day(2, count: 2), [50])
        let error = #expect(throws: LakeError.self) {
            try source.append(EventRows.day(1, count: 2), [30])
        }
        #expect(error?.code == .overlap)
        let snapshot = try source.snapshot()
        #expect(
            snapshot.gaps(in: EventRows.day(0, count: 6))
                == [EventRows.day(0, count: 2), EventRows.day(4, count: 2)])
        #expect(snapshot.gaps(in: EventRows.day(3)).isEmpty)
        #expect(snapshot.gaps(in: EventRows.day(7)) == [EventRows.day(7)])
    }

    @Test("keeps nothing of an append that fails")
    func failing() throws {
        struct Failure: Error {}
        try source.append(EventRows.day(0), [1])
        #expect(throws: Failure.self) {
            _ = try source.append(
                EventRows.day(1, count: 200), identity: [1], schema: EventRows.schema,
                at: EventRows.hour(0)
            ) { append in
                // More days than are open at a time, so that some files are complete.
                for day in Int64(1)..<150 {
                    let batch = EventRows.batch([day * 24])
                    try append.write(batch, eventTimes: batch.columns[1])
                }
                throw Failure()
            }
        }
        #expect(try source.snapshot().integers() == [1])
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        let parquet = files.compactMap { $0 as? String }.filter { $0.contains(".parquet") }
        #expect(parquet.count == 1)
        try source.append(EventRows.day(1, count: 200), [30])
        #expect(try source.snapshot().integers() == [1, 30])
    }

    @Test("goes on in another file when a day comes back after many others")
    func manyDays() throws {
        let days = Int64(140)
        let hours = (0..<days).map { $0 * 24 } + (0..<days).map { $0 * 24 + 1 }
        _ = try source.append(
            EventRows.day(0, count: days), identity: [1], schema: EventRows.schema,
            at: EventRows.hour(0)
        ) { append in
            for hour in hours {
                let batch = EventRows.batch([hour])
                try append.write(batch, eventTimes: batch.columns[1])
            }
        }
        let snapshot = try source.snapshot()
        #expect(try snapshot.integers() == hours.sorted())
        #expect(snapshot.commits[0].files.count > Int(days))
    }

    @Test("lets columns be added and widened, and nothing else")
    func schemas() throws {
        let narrow = Schema([Field(name: "number", type: .int32)])
        let times = EventRows.batch([1]).columns[1]
        let small = Column(type: .int32, [.integer(7)])
        _ = try source.append(
            EventRows.day(0), identity: [1], schema: narrow, at: EventRows.hour(0)
        ) { append in
            try append.write(
                ColumnBatch(schema: narrow, columns: [small], rowCount: 1), eventTimes: times)
        }
        try source.append(EventRows.day(1), [30])
        let rows = try LakeRows(try source.snapshot())
        let read = try (0..<rows.chunkCount).map {
            try rows.read(chunk: $0, schema: EventRows.schema)
        }
        #expect(read.map { $0.columns[0].scalar(at: 0) } == [.integer(7), .integer(30)])
        #expect(read.map { $0.columns[1].isNull(0) } == [true, false])
        for (schema, name) in [
            (Schema([Field(name: "number", type: .int64)]), "at"),
            (Schema([Field(name: "number", type: .string)]), "number"),
        ] {
            let error = #expect(throws: LakeError.self) {
                _ = try source.append(
                    EventRows.day(2), identity: [1], schema: schema, at: EventRows.hour(0)
                ) { _ in }
            }
            #expect(error?.code == .schema)
            #expect(error?.message.contains("'\(name)'") == true)
        }
    }

    @Test("keeps columns of every type, with names of any kind")
    func everyType() throws {
        let types: [DataType] = [
            .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
            .decimal(precision: 12, scale: 2), .list(.string), .vector(length: 3),
        ]
        let schema = Schema(
            types.enumerated().map { Field(name: "a name \($0.offset)", type: $0.element) })
        _ = try source.append(
            EventRows.day(0), identity: [1], schema: schema, at: EventRows.hour(5)
        ) { _ in }
        #expect(try source.snapshot().schema == schema)
    }

    @Test("shows the log as it was at a time of the clock")
    func earlierTimes() throws {
        for (day, hour) in [(Int64(0), Int64(10)), (1, 20), (0, 30)] {
            _ = try source.append(
                EventRows.day(day), identity: [UInt8(hour)], schema: EventRows.schema,
                at: EventRows.hour(hour)
            ) { append in
                let batch = EventRows.batch([day * 24 + hour % 24])
                try append.write(batch, eventTimes: batch.columns[1])
            }
        }
        let times: [(hour: Int64, rows: [Int64])] = [
            (9, []), (10, [10]), (19, [10]), (20, [10, 44]), (29, [10, 44]), (30, [6, 44]),
        ]
        for (hour, rows) in times {
            let state = try source.snapshot(at: .time(EventRows.hour(hour)))
            #expect(try state.integers() == rows, "at hour \(hour)")
            #expect(try state.identity == source.snapshot(at: .version(state.version)).identity)
        }
    }

    @Test("lets one process write at a time")
    func writers() throws {
        let error = #expect(throws: LakeError.self) {
            _ = try source.append(
                EventRows.day(0), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
            ) { _ in try source.append(EventRows.day(1), [30]) }
        }
        #expect(error?.code == .busy && error?.isRetriable == true)
        try source.append(EventRows.day(0), [1])
    }

    @Test("notices a damaged log, a missing file and a file that was exchanged")
    func damage() throws {
        try source.append(EventRows.day(0), [1, 2])
        try source.append(EventRows.day(1), [30])
        let commit = try source.snapshot().commits[0]
        let path = "\(source.folder)/\(commit.files[0].path)"
        let other = "\(source.folder)/\(try source.snapshot().commits[1].files[0].path)"
        let bytes = try Data(contentsOf: URL(filePath: path))
        try Data(contentsOf: URL(filePath: other)).write(to: URL(filePath: path))
        #expect(throws: LakeError.self) { try LakeRows(try source.snapshot()) }
        try FileManager.default.removeItem(atPath: path)
        let missing = #expect(throws: LakeError.self) { try source.snapshot() }
        #expect(missing?.code == .corrupt && missing?.message.contains(path) == true)
        try bytes.write(to: URL(filePath: path))
        #expect(try source.snapshot().integers() == [1, 2, 30])
        let log = "\(source.folder)/_log/00000000000000000001.commit"
        let text = try Data(contentsOf: URL(filePath: log))
        for index in text.indices {
            var damaged = text
            damaged[index] ^= 1
            try damaged.write(to: URL(filePath: log))
            let error = #expect(throws: LakeError.self) { try source.snapshot() }
            #expect(error?.code == .corrupt, "byte \(index)")
        }
        try FileManager.default.removeItem(atPath: log)
        #expect(throws: LakeError.self) { try source.snapshot() }
    }

    @Test("refuses names that are no folder's")
    func names() {
        for name in ["", "_log", "..", "a/b"] {
            #expect(throws: LakeError.self, "\(name)") {
                try Lake(folder: folder.path).source(name)
            }
        }
    }
}
