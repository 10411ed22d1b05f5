import Expressions
import TestSupport
import Testing
import Values

@Suite struct TimeTests {
    private static let parts = [
        "year", "month", "day", "hour", "minute", "second", "day_of_week", "day_of_year",
    ]

    @Test(
        "Time parts are those of UTC, before 1970 too",
        arguments: [
            ("1970-01-01T00:00:00Z", [1970, 1, 1, 0, 0, 0, 4, 1]),
            ("1969-12-31T23:59:59.999999Z", [1969, 12, 31, 23, 59, 59, 3, 365]),
            ("2024-02-29T12:34:56Z", [2024, 2, 29, 12, 34, 56, 4, 60]),
            ("2024-12-31T00:00:00Z", [2024, 12, 31, 0, 0, 0, 2, 366]),
            ("2000-03-01T00:00:00+02:00", [2000, 2, 29, 22, 0, 0, 2, 60]),
            ("1900-03-01T00:00:00Z", [1900, 3, 1, 0, 0, 0, 4, 60]),
            ("0000-02-29T00:00:00Z", [0, 2, 29, 0, 0, 0, 2, 60]),
            ("9999-12-31T23:59:59Z", [9999, 12, 31, 23, 59, 59, 5, 365]),
        ] as [(String, [Int64])])
    func timeParts(text: String, expected: [Int64]) throws {
        for (part, value) in zip(Self.parts, expected) {
            #expect(try constant("\(part)(timestamp '\(text)')") == .integer(value), "\(part)")
            if ["hour", "minute", "second"].contains(part) { continue }
            let date = "\(part)(cast(timestamp '\(text)' as date))"
            #expect(try constant(date) == .integer(value), "\(date)")
        }
    }

    @Test("Walking day by day through 800 years never loses a day")
    func everyDay() throws {
        let days = Array(Int64(-146_097)...146_097)
        let columns = ExpressionFixture([
            ("t", .timestamp, days.map { .timestamp(EventTime(microseconds: $0 * 86_400_000_000)) })
        ])
        let year = try columns.evaluate("year(t)").values
        let month = try columns.evaluate("month(t)").values
        let day = try columns.evaluate("day(t)").values
        let weekday = try columns.evaluate("day_of_week(t)").values
        let yearDay = try columns.evaluate("day_of_year(t)").values
        var wanted = (year: Int64(1570), month: Int64(1), day: Int64(1), weekday: Int64(4))
        var wantedYearDay: Int64 = 1
        var wrong = 0
        for index in days.indices {
            let isSame =
                year[index] == .integer(wanted.year) && month[index] == .integer(wanted.month)
                && day[index] == .integer(wanted.day)
                && weekday[index] == .integer(wanted.weekday)
                && yearDay[index] == .integer(wantedYearDay)
            if !isSame { wrong += 1 }
            let isLeap =
                wanted.year % 4 == 0 && (wanted.year % 100 != 0 || wanted.year % 400 == 0)
            let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            wanted.weekday = wanted.weekday % 7 + 1
            wanted.day += 1
            wantedYearDay += 1
            if wanted.day > lengths[Int(wanted.month) - 1] {
                wanted.day = 1
                wanted.month += 1
            }
            if wanted.month > 12 {
                wanted.month = 1
                wanted.year += 1
                wantedYearDay = 1
            }
        }
        #expect(wrong == 0)
    }

    @Test(
        "Durations are exact products, rounded half to even",
        arguments: [
            ("seconds(1)", 1_000_000), ("minutes(2)", 120_000_000), ("hours(-1)", -3_600_000_000),
            ("days(1)", 86_400_000_000), ("seconds(0.0000005)", 0), ("seconds(0.0000015)", 2),
            ("seconds(0.0078125)", 7_812),
            ("seconds(0.0234375)", 23_438), ("seconds(-0.0078125)", -7_812),
            ("minutes(0.1)", 6_000_000),
            ("seconds(5e-324)", 0), ("days(0.5)", 43_200_000_000),
            ("seconds(9223372036854)", 9_223_372_036_854_000_000), ("seconds(9223372036855)", nil),
            ("seconds(-9223372036854.775390625)", -9_223_372_036_854_775_391),
            ("seconds(9223372036854.775390625)", 9_223_372_036_854_775_391),
            ("seconds(9223372036854.78)", nil), ("seconds(1e300)", nil), ("days(1e15)", nil),
            ("hours(1) - minutes(1)", 3_540_000_000), ("-hours(1)", -3_600_000_000),
            ("abs(hours(-1))", 3_600_000_000), ("days(106751991) + days(1)", nil),
        ] as [(String, Int64?)])
    func durations(text: String, expected: Int64?) throws {
        let wanted = expected.map { Scalar.duration(EventDuration(microseconds: $0)) } ?? .null
        #expect(try constant(text) == wanted)
    }

    @Test("Times and durations add up, and their overflow is null")
    func arithmetic() throws {
        let noon = "timestamp '2024-01-31T12:00:00Z'"
        #expect(try constant("\(noon) + hours(12)") == constant("timestamp '2024-02-01T00:00:00Z'"))
        #expect(try constant("hours(12) + \(noon)") == constant("\(noon) + hours(12)"))
        #expect(try constant("\(noon) - days(31)") == constant("timestamp '2023-12-31T12:00:00Z'"))
        #expect(try constant("(\(noon) - (\(noon) - hours(3))) / minutes(1)") == .double(180))
        #expect(try constant("hours(1) / seconds(0)") == .null)
        #expect(try constant("\(noon) + days(106751991)") == .null)
        let columns = ExpressionFixture([
            ("t", .timestamp, [.timestamp(.distantFuture), .timestamp(.distantPast)])
        ])
        let result = try columns.evaluate("t - \(noon)")
        #expect(result.values[1] == .null && result.faults.overflow == 1)
        #expect(try columns.evaluate("year(t)").values == [.integer(294_247), .integer(-290_308)])
        #expect(
            try columns.evaluate("second(t) + hour(t) * 100").values == [
                .integer(454), .integer(1905),
            ])
    }

    @Test("The exact product agrees with multiplying digit by digit")
    func exactProducts() throws {
        var generator = SeededGenerator(seed: 7)
        var inputs: [Double] = []
        for _ in 0..<4_000 {
            let exponent = Int.random(in: -30...24, using: &generator)
            let size = Double(sign: .plus, exponent: exponent, significand: 1)
            inputs.append(Double.random(in: -2...2, using: &generator) * size)
            inputs.append(Double(Int64.random(in: -999...999, using: &generator)) / 2_000_000)
        }
        let columns = ExpressionFixture([("x", .double, inputs.map { .double($0) })])
        for (name, unit) in [("seconds", 1_000_000), ("days", 86_400_000_000)] as [(String, Int128)]
        {
            let values = try columns.evaluate("\(name)(x)").values
            for (input, value) in zip(inputs, values) {
                let exact = OracleArithmetic.roundedProduct(input, unit)
                let wanted = Int64(exactly: exact).map {
                    Scalar.duration(EventDuration(microseconds: $0))
                }
                #expect(value == wanted ?? .null, "\(name)(\(input))")
            }
        }
    }
}
