import Columns
import Foundation
import Parquet
import TestSupport
import Testing
import Values

@Suite struct StatisticsTests {
    @Test("Bounds are those of the values, and pyarrow agrees", arguments: [1, 50, 500])
    func boundsAreRight(rows: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.parquet")
        let batch = randomBatch(rows: rows, seed: UInt64(rows))
        try write([batch], to: path, ParquetWriterOptions(rowGroupRows: 60))
        let printed = try JudgeProcess.python("parquet_interop.py", ["bounds", path])
        let judged = try #require(Int(printed.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(judged > 15)
        let file = try ParquetFile(path: path)
        for group in file.rowGroups.indices {
            for field in file.schema.fields where !field.name.hasPrefix("list") {
                let values = try file.read(rowGroup: group, columns: [field.name]).columns[0]
                let statistics = try #require(file.rowGroups[group].statistics(of: field.name))
                #expect(statistics.nullCount == values.nullCount, "\(field)")
                for row in 0..<values.count { expect(values.scalar(at: row), within: statistics) }
            }
        }
    }

    @Test("NaN is passed over, and zero bounds cover both zeros")
    func floatingPointBounds() throws {
        let bounds = try statistics(.double, [.double(.nan), .double(0), .null])
        #expect(bounds.minimum == .double(0))
        #expect(bounds.maximum == .double(0))
        #expect(bounds.nullCount == 1)
        let unknown = try statistics(.double, [.double(.nan)])
        #expect(unknown.minimum == nil && unknown.maximum == nil)
    }

    @Test("Strings compare as unsigned bytes; long ones have no bounds")
    func stringBounds() throws {
        let bounds = try statistics(.string, [.string("z"), .string("ä"), .string("")])
        #expect(bounds.minimum == .string(""))
        #expect(bounds.maximum == .string("ä"))
        let long = try statistics(.string, [.string(String(repeating: "x", count: 100))])
        #expect(long.minimum == nil && long.nullCount == 0)
    }

    @Test("Times, dates and booleans have bounds of their own type")
    func typedBounds() throws {
        let early = EventTime(microseconds: -1)
        let times = try statistics(.timestamp, [.timestamp(early), .timestamp(.distantFuture)])
        #expect(times.minimum == .timestamp(early))
        let dates = try statistics(.date, [.date(3), .date(-3)])
        #expect(dates.minimum == .date(-3) && dates.maximum == .date(3))
        let flags = try statistics(.bool, [.bool(true), .bool(true)])
        #expect(flags.minimum == .bool(true) && flags.maximum == .bool(true))
        for precision in [9, 18, 38] {
            let type = DataType.decimal(precision: precision, scale: 1)
            let (low, high) = (
                Decimal128(unscaled: -300, scale: 1), Decimal128(unscaled: 5, scale: 1)
            )
            let decimals = try statistics(type, [.decimal(high), .decimal(low), .null])
            #expect(decimals.minimum == .decimal(low) && decimals.maximum == .decimal(high))
        }
        let nothing = try statistics(.int64, [.null, .null])
        #expect(nothing.nullCount == 2 && nothing.minimum == nil)
    }
}

private func statistics(_ type: DataType, _ values: [Scalar]) throws -> ColumnStatistics {
    let folder = try TemporaryFolder()
    try write([batch("x", type, values)], to: folder.file("a.parquet"))
    let file = try ParquetFile(path: folder.file("a.parquet"))
    return try #require(file.rowGroups[0].statistics(of: "x"))
}

private func expect(_ value: Scalar, within bounds: ColumnStatistics) {
    switch (bounds.minimum, value, bounds.maximum) {
    case (.integer(let low), .integer(let value), .integer(let high)):
        #expect(low <= value && value <= high)
    case (.double(let low), .double(let value), .double(let high)):
        #expect(value.isNaN || (low <= value && value <= high))
    case (.decimal(let low), .decimal(let value), .decimal(let high)):
        #expect(low <= value && value <= high)
    case (.timestamp(let low), .timestamp(let value), .timestamp(let high)):
        #expect(low <= value && value <= high)
    default: break
    }
}
