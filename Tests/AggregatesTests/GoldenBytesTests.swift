import Testing
import Values

@testable import Aggregates

@Suite("The bytes of version 1 do not change")
struct GoldenBytesTests {
    @Test(
        "exact sums",
        arguments: [
            ([], "0100"), ([0, -0.0], "0100"), ([1], "0104000101"), ([-0.5], "0105010180"),
            ([256], "0104020101"), ([0.1], "01040d079a999999999919"),
            ([1e200, 1], "01080001014808a025767d8d714e01"),
            ([1e200, 1, -1e200], "0104000101"),
            ([.leastNonzeroMagnitude], "01048d020140"),
            ([.nan, .infinity, -.infinity, 3], "0106020202000103"),
            ([.greatestFiniteMagnitude, .greatestFiniteMagnitude], "0104f20108f0ffffffffffff01"),
        ] as [([Double], String)])
    func exactSums(values: [Double], expected: String) {
        var sum = ExactSum()
        for value in values { sum.add(value) }
        #expect(hexadecimal(sum.encoded) == expected)
    }

    @Test(
        "states",
        arguments: [
            (.count, nil, [.null, .null], "01010002"),
            (.count, .string, [.string("a"), .null], "01010601"),
            (.sum, .int64, [.integer(.max), .integer(.max)], "01020302fcffffffffffffffff03"),
            (.sum, .int32, [.integer(-3)], "0102020105"),
            (.sum, .double, [.double(1.5), .double(2)], "010205020401028003"),
            (.sum, .float, [], "0102040000"),
            (
                .mean, .double, [.double(0.1), .double(.infinity)],
                "01030502060002000d079a999999999919"
            ),
            (.mean, .int64, [.integer(-7), .integer(300)], "010303020400022501"),
            (
                .variance, .double, [.double(0.1), .double(0.3)],
                "01040502040d0766666666666666041b0e3433333333333399999999999919"
            ),
            (.stddev, .int32, [.integer(4), .integer(5)], "010502020400010904000129"),
            (.min, .double, [.double(-0.0), .double(.nan)], "010605010000000000000000"),
            (.max, .float, [], "01070400"),
            (.max, .bool, [.bool(false), .bool(true)], "0107010101"),
            (.min, .bytes, [.bytes([0, 255])], "010607010200ff"),
            (.first, .string, [.string("é"), .string("z")], "01080601000202c3a9"),
            (.last, .timestamp, [.timestamp(EventTime(microseconds: -1))], "01090801000201"),
            (.firstValues(2), .date, [.date(3), .date(1), .date(2)], "010a02090200020680897a0202"),
            (.lastValues(300), .int64, [.integer(64), .null], "010bac02030100028001"),
            (
                .distinct, .string, [.string("a"), .string("b"), .string("a")],
                "010c06029b9ff31aa12a45785b6e8ca9f1c44ed2"
            ),
            (
                .distinctExact(cap: 1), .int64, [.integer(1), .integer(2)],
                "010d0103019599a4a217cb299f"
            ),
            (
                .quantile(quantile(0.95)), .double,
                [.double(1), .double(1.004), .double(-300), .double(.nan)],
                "010ef0fd39050003958708018b830802bf80fcff0701"
            ),
            (.top(2), .date, [.date(3), .date(1), .date(2)], "010f0209020604"),
            (
                .histogram(edges([0, 1.5])), .int32, [.integer(1), .integer(2), .integer(200)],
                "0110020000000000000000000000000000f83f02000102"
            ),
            (
                .decayedSum(halfLife: .seconds(1)), .double,
                [.double(1), .double(0.1), .double(.infinity)],
                "0111c0843d05030001040101800101040d07cdcccccccccc0c010102000200"
            ),
        ] as [(AggregateFunction, DataType?, [Scalar], String)])
    func states(
        function: AggregateFunction, input: DataType?, values: [Scalar], expected: String
    ) throws {
        var partial = try Partial(function, inputType: input)
        for (second, value) in values.enumerated() {
            let time = EventTime(microseconds: Int64(second) * 1_000_000)
            partial.fold(value: value, eventTime: time, knownAt: .init(microseconds: 1))
        }
        #expect(hexadecimal(partial.encoded) == expected)
        #expect(try Partial(encoded: partial.encoded) == partial)
    }

    @Test("bounded windows")
    func newestRows() throws {
        var window = try NewestRows(.mean, inputType: .double, capacity: 2)
        for (time, value) in [(1, .double(10)), (2, .double(2)), (3, .null)] as [(Int64, Scalar)] {
            let time = EventTime(microseconds: time)
            window.fold(value: value, eventTime: time, knownAt: time)
        }
        #expect(hexadecimal(window.encoded) == "0103050203020404010000000000000040060600")
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
