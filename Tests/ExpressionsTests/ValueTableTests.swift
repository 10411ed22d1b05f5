import Expressions
import Testing
import Values

/// Tables of inputs and results that a reader can check against the rules by eye.
@Suite struct ValueTableTests {
    private static let truths: [(text: String, value: Bool?)] = [
        ("true", true), ("false", false), ("null", nil), ("1 = 1", true), ("1 // 0 = 1", nil),
    ]

    private func scalar(_ value: Bool?) -> Scalar { value.map { .bool($0) } ?? .null }

    @Test("and, or and not follow Kleene's tables, for columns and for literals")
    func threeValuedLogic() throws {
        for (left, a) in Self.truths {
            #expect(try constant("not (\(left))") == scalar(a.map { !$0 }))
            for (right, b) in Self.truths {
                let and = a == false || b == false ? false : a == nil || b == nil ? nil : true
                let or = a == true || b == true ? true : a == nil || b == nil ? nil : false
                let columns = ExpressionFixture([
                    ("p", .bool, [scalar(a), scalar(a)]), ("q", .bool, [scalar(b), .null]),
                ])
                #expect(try constant("(\(left)) and (\(right))") == scalar(and))
                #expect(try constant("(\(left)) or (\(right))") == scalar(or))
                #expect(try columns.evaluate("p and q").values[0] == scalar(and))
                #expect(try columns.evaluate("p or q").values[0] == scalar(or))
                #expect(try columns.evaluate("not p").values[0] == scalar(a.map { !$0 }))
            }
        }
    }

    @Test("A null condition takes the last branch, and is null is never null")
    func nulls() throws {
        #expect(try constant("if(null, 1, 2)") == .integer(2))
        #expect(try constant("if(1 = null, 1, 2)") == .integer(2))
        #expect(try constant("null = null") == .null)
        #expect(try constant("null is null") == .bool(true))
        #expect(try constant("1 // 0 is null") == .bool(true))
        #expect(try constant("coalesce(null, 1 // 0, 3, 4)") == .integer(3))
        #expect(try constant("coalesce(null, null)") == .null)
        #expect(try constant("if(true, null, 1)") == .null)
        #expect(try constant("1 + null") == .null)
    }

    private static let least = "-9223372036854775808"
    private static let greatest = "9223372036854775807"

    @Test(
        "Integer arithmetic gives null exactly where int64 ends",
        arguments: [
            ("\(greatest) + 1", nil), ("\(greatest) + 0", Int64.max), ("\(least) - 1", nil),
            ("\(least) + -1", nil), ("-1 - \(greatest)", Int64.min), ("0 - \(least)", nil),
            ("-1 - \(least)", Int64.max), ("\(least) * -1", nil), ("-1 * \(least)", nil),
            ("\(least) * 1", Int64.min), ("4611686018427387904 * 2", nil),
            ("-4611686018427387904 * 2", Int64.min), ("3037000500 * 3037000500", nil),
            ("-(\(least))", nil), ("-(\(least) + 1)", Int64.max), ("abs(\(least))", nil),
            ("abs(-\(greatest))", Int64.max), ("\(least) // -1", nil), ("\(least) // 1", Int64.min),
            ("\(least) % -1", 0), ("\(least) % \(greatest)", -1), ("7 // 2", 3), ("-7 // 2", -3),
            ("7 // -2", -3), ("-7 // -2", 3), ("7 % 2", 1), ("-7 % 2", -1), ("7 % -2", 1),
            ("-7 % -2", -1), ("1 // 0", nil), ("0 % 0", nil), ("\(least)", Int64.min),
        ] as [(String, Int64?)])
    func integerEdges(text: String, expected: Int64?) throws {
        #expect(try constant(text) == expected.map { .integer($0) } ?? .null)
        let columns = ExpressionFixture([("x", .int64, [.integer(0), .integer(0)])])
        let result = try columns.evaluate("x + (\(text))")
        #expect(result.values == Array(repeating: expected.map { .integer($0) } ?? .null, count: 2))
        #expect(result.faults.total == (expected == nil ? 2 : 0))
    }

    @Test("int32 columns calculate as int64 and mixed numbers as doubles")
    func promotion() throws {
        let columns = ExpressionFixture([
            ("small", .int32, [.integer(Int64(Int32.max))]), ("single", .float, [.double(0.1)]),
            ("big", .int64, [.integer(9_007_199_254_740_993)]), ("real", .double, [.double(0.5)]),
        ])
        func result(_ text: String) throws -> (Scalar, DataType) {
            let result = try columns.evaluate(text)
            return (result.values[0], result.type)
        }
        #expect(try result("small + small") == (.integer(4_294_967_294), .int64))
        #expect(try result("-small") == (.integer(-2_147_483_647), .int64))
        #expect(try result("single + single") == (.double(Double(Float(0.1)) * 2), .double))
        #expect(try result("big + 0.0") == (.double(9_007_199_254_740_992), .double))
        #expect(try result("big = 9007199254740992.0") == (.bool(true), .bool))
        #expect(try result("big = 9007199254740992") == (.bool(false), .bool))
        #expect(try result("if(true, small, small)") == (.integer(2_147_483_647), .int32))
        #expect(try result("coalesce(small, big)").1 == .int64)
        #expect(try result("coalesce(single, single)").1 == .float)
        #expect(try result("coalesce(single, real)") == (.double(Double(Float(0.1))), .double))
        #expect(try result("if(real > 0, small, real)") == (.double(2_147_483_647), .double))
        #expect(try result("big / 2").1 == .double)
    }

    @Test("Neither -0 nor a NaN but the quiet one is ever a result")
    func canonicalDoubles() throws {
        let odd = Double(bitPattern: 0xFFF8_0000_0000_1234)
        let columns = ExpressionFixture([
            ("nan", .double, [.double(odd), .double(odd)]),
            ("zero", .double, [.double(0), .double(0)]),
            ("huge", .double, [.double(1e308), .double(-1e308)]),
            ("inf", .double, [.double(.infinity), .double(-.infinity)]),
            ("nanf", .float, [.double(.nan), .double(.nan)]),
        ])
        func bits(_ text: String) throws -> [UInt64?] {
            try columns.evaluate(text).values.map { value in
                if case .double(let value) = value { value.bitPattern } else { nil }
            }
        }
        let quiet: [UInt64?] = [0x7FF8_0000_0000_0000, 0x7FF8_0000_0000_0000]
        for text in [
            "nan + 1", "-nan", "abs(nan)", "nan * zero", "nan / 2", "inf - inf", "inf * zero",
            "inf / inf", "cast(nanf as double)", "nanf + 0.5",
        ] { #expect(try bits(text) == quiet, "\(text)") }
        let positiveZero: [UInt64?] = [0, 0]
        for text in [
            "zero * -1", "-zero", "0.0 / -5 + zero * 2", "zero / -5", "-1 / inf * zero",
            "abs(zero)",
            "cast('-0' as double) + zero * 0",
        ] { #expect(try bits(text) == positiveZero, "\(text)") }
        #expect(
            try bits("huge * 10") == [Double.infinity.bitPattern, (-Double.infinity).bitPattern])
        #expect(try columns.evaluate("zero / zero").values == [.null, .null])
        #expect(try columns.evaluate("inf / zero").faults.divisionByZero == 2)
        #expect(try columns.evaluate("huge * 10").faults.total == 0)
    }

    @Test("NaN equals itself and is greater than infinity")
    func nanOrder() throws {
        let columns = ExpressionFixture([
            ("nan", .double, [.double(.nan)]), ("inf", .double, [.double(.infinity)]),
            ("one", .double, [.double(1)]),
        ])
        for (text, expected) in [
            ("nan = nan", true), ("nan != nan", false), ("nan < nan", false), ("nan <= nan", true),
            ("nan > nan", false), ("nan >= nan", true), ("nan > inf", true), ("nan >= inf", true),
            ("inf < nan", true), ("inf <= nan", true), ("nan < inf", false), ("nan <= inf", false),
            ("inf > nan", false), ("nan = one", false), ("one != nan", true), ("one < nan", true),
            ("-inf < one", true), ("-nan = nan", true),
        ] {
            #expect(try columns.evaluate(text).values == [.bool(expected)], "\(text)")
        }
    }

    @Test("Texts compare by their bytes and every type with itself")
    func comparisons() throws {
        for (text, expected) in [
            ("'a' < 'b'", true), ("'a' < 'aa'", true), ("'' < 'a'", true), ("'Z' < 'a'", true),
            ("'e\u{301}' = '\u{e9}'", false), ("'\u{e9}' > 'z'", true),
            ("'\u{FFFF}' < '\u{10000}'", true),
            ("false < true", true), ("true <= false", false), ("hours(1) = minutes(60)", true),
            ("hours(1) > minutes(61)", false),
            ("timestamp '1969-12-31T23:59:59Z' < timestamp '1970-01-01T00:00:00Z'", true),
            (
                "cast(timestamp '2024-02-29T23:00:00Z' as date) = "
                    + "cast(timestamp '2024-02-29T00:00:00Z' as date)", true
            ),
        ] {
            #expect(try constant(text) == .bool(expected), "\(text)")
        }
    }
}
