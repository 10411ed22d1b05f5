import Columns
import Testing
import Values

@testable import Trainer

@Suite("Columns as numbers for trees")
struct FeatureEncoderTests {
    @Test("are row after row, nulls and NaN missing, infinities the greatest finite number")
    func encodes() throws {
        let fields = [
            Field(name: "flag", type: .bool), Field(name: "count", type: .int64),
            Field(name: "small", type: .int32), Field(name: "ratio", type: .double),
            Field(name: "single", type: .float),
        ]
        let batch = ColumnBatch(
            schema: Schema(fields),
            columns: [
                Column(type: .bool, [.bool(true), .bool(false), .null]),
                Column(type: .int64, [.integer(-7), .null, .integer(16_777_217)]),
                Column(type: .int32, [.integer(3), .integer(0), .null]),
                Column(type: .double, [.double(.infinity), .double(.nan), .double(-1e300)]),
                Column(type: .float, [.double(0.5), .null, .double(-.infinity)]),
            ], rowCount: 3)
        let greatest = Float.greatestFiniteMagnitude
        let expected: [Float] = [
            1, -7, 3, greatest, 0.5, 0, .nan, 0, .nan, .nan, .nan, 16_777_216, .nan, -greatest,
            -greatest,
        ]
        let rows = try FeatureEncoder(fields).rows(of: batch)
        #expect(values(rows).map(\.bitPattern) == expected.map(\.bitPattern))
        let last = try FeatureEncoder(fields).rows(of: batch, keep: [2])
        #expect(values(last).map(\.bitPattern) == expected[10...].map(\.bitPattern))
    }

    @Test("of a vector are as many as it is long, and a decimal is the nearest number")
    func vectorsAndDecimals() throws {
        let fields = [
            Field(name: "price", type: .decimal(precision: 9, scale: 2)),
            Field(name: "place", type: .vector(length: 2)), Field(name: "last", type: .bool),
        ]
        let places: [Scalar] = [.list([.double(1), .double(-2)]), .null]
        let stored = ColumnBatch(
            schema: Schema([fields[0], Field(name: "place", type: .list(.float)), fields[2]]),
            columns: [
                Column(
                    type: fields[0].type, [.decimal(Decimal128(unscaled: 1_250, scale: 2)), .null]),
                Column(type: .list(.float), places),
                Column(type: .bool, [.bool(true), .bool(true)]),
            ], rowCount: 2)
        let encoder = try FeatureEncoder(fields)
        #expect(encoder.inputNames == ["price", "place[0]", "place[1]", "last"])
        let expected: [Float] = [12.5, 1, -2, 1, .nan, .nan, .nan, 1]
        let rows = try encoder.rows(of: stored)
        #expect(values(rows).map(\.bitPattern) == expected.map(\.bitPattern))
        let longer = try FeatureEncoder([Field(name: "place", type: .vector(length: 3))])
        #expect(throws: TrainerError.self) { try longer.rows(of: stored) }
    }

    @Test(
        "are refused for times, texts and lists, with a remedy",
        arguments: [.timestamp, .date, .string, .bytes, .list(.double)] as [DataType])
    func refuses(type: DataType) {
        let error = #expect(throws: TrainerError.self) {
            try FeatureEncoder([Field(name: "x", type: type)])
        }
        #expect(error?.message.contains("'x' is a \(type)") == true && error?.hint != nil)
    }

    @Test("widen, take integers for doubles, and refuse everything else")
    func widens() throws {
        let batch = ColumnBatch(
            schema: Schema([Field(name: "x", type: .int32)]),
            columns: [Column(type: .int32, [.integer(5)])], rowCount: 1)
        for type in [.int32, .int64, .double] as [DataType] {
            let rows = try FeatureEncoder([Field(name: "x", type: type)]).rows(of: batch)
            #expect(values(rows) == [5])
        }
        for type in [.bool, .float] as [DataType] {
            #expect(throws: TrainerError.self) {
                try FeatureEncoder([Field(name: "x", type: type)]).rows(of: batch)
            }
        }
    }

    private func values(_ rows: FeatureRows) -> [Float] {
        (0..<rows.values.count).map { rows.values[$0] }
    }
}
