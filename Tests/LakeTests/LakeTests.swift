import Columns
import Foundation
import OfflineSupport
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
    private let conformance: EventLogConformance

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        source = try Lake(folder: folder.file("lake")).source("departures")
        conformance = EventLogConformance {
            Lake(folder: folder.file("lake"))
        } code: {
            ($0 as? LakeError)?.code.name
        }
    }

    @Test("does what every event log does")
    func conforming() throws {
        try conformance.appending()
        try conformance.sameAgain()
        try conformance.replacing()
        try conformance.overlapping()
        try conformance.failing()
        try conformance.schemas()
        try conformance.everyType()
        try conformance.earlierTimes()
        try conformance.writers()
        try conformance.removing()
        try conformance.removingFails()
    }

    @Test("does what every event log does with a stream")
    func streaming() throws {
        let stream = StreamLogConformance(conformance)
        try stream.streaming()
        try stream.streamAlone()
        try stream.fencing()
        try stream.sides()
        try stream.rejecting()
        try stream.streamSnapshots()
        try stream.streamRemoving()
        try stream.streamSchemas()
        try stream.widenedByInterval()
    }

    @Test("leaves no byte of removed rows in any file, whatever state they were of")
    func removedBytes() throws {
        let texts = Schema([Field(name: "text", type: .string)])
        let marks = (0..<200).map { "mark \($0) of the row" }
        for (day, identity) in [(Int64(0), UInt8(1)), (0, 2), (1, 1)] {
            let times = EventRows.batch((0..<200).map { day * 24 + $0 % 24 }).columns[1]
            _ = try source.append(
                EventRows.day(day), identity: [identity], schema: texts, at: EventRows.hour(0)
            ) { append in
                let column = Column(type: .string, marks.map { .string($0) })
                try append.write(
                    ColumnBatch(schema: texts, columns: [column], rowCount: 200),
                    eventTimes: times)
            }
        }
        let removal = try source.remove(
            RowSelection(schema: texts) { batch in
                (0..<Int32(batch.rowCount)).filter {
                    batch.columns[0].scalar(at: Int($0)) == .string("mark 77 of the row")
                }
            }, at: EventRows.hour(0), isDryRun: false)
        #expect(removal.rows == 2 && removal.replacedRows == 1)
        let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        let files = names.compactMap { $0 as? String }.filter { $0.hasSuffix(".parquet") }
        #expect(files.count == 3)
        for name in files {
            let bytes = try Data(contentsOf: URL(filePath: folder.file(name)))
            #expect(bytes.range(of: Data("mark 77 of the row".utf8)) == nil, "\(name)")
        }
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

extension LakeSnapshot {
    /// The integers of the rows in the files that may hold some of `interval`, sorted.
    fileprivate func integers(interval: EventInterval) throws -> [Int64] {
        let rows = try LakeRows(self, interval: interval)
        return try (0..<rows.chunkCount).flatMap { chunk -> [Int64] in
            let batch = try rows.read(chunk: chunk, schema: EventRows.schema)
            return batch.columns[0].scalars.compactMap {
                if case .integer(let number) = $0 { number } else { nil }
            }
        }.sorted()
    }
}
