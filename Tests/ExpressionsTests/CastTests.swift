import Expressions
import Testing
import Values

@Suite struct CastTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let from: Scalar
        let source: DataType
        let to: DataType
        let expected: Scalar
        var testDescription: String { "\(from) as \(to)" }

        init(_ from: Scalar, _ source: DataType, _ to: DataType, _ expected: Scalar) {
            self.from = from
            self.source = source
            self.to = to
            self.expected = expected
        }
    }

    static let numbers: [Case] = [
        (2.9, 2), (-2.9, -2), (0.5, 0), (-0.5, 0), (.nan, nil), (.infinity, nil), (-.infinity, nil),
        (0x1p63, nil), (-0x1p63, .min), (0x1.fffffffffffffp62, 9_223_372_036_854_774_784),
        (-0x1.0000000000001p63, nil), (1e300, nil),
    ].map { (from: Double, to: Int64?) in
        Case(.double(from), .double, .int64, to.map { .integer($0) } ?? .null)
    }

    static let narrow: [Case] = [
        Case(.double(2_147_483_647.9), .double, .int32, .integer(2_147_483_647)),
        Case(.double(2_147_483_648), .double, .int32, .null),
        Case(.double(-2_147_483_648.9), .double, .int32, .integer(-2_147_483_648)),
        Case(.double(-2_147_483_649), .double, .int32, .null),
        Case(.integer(2_147_483_648), .int64, .int32, .null),
        Case(.integer(-2_147_483_648), .int64, .int32, .integer(-2_147_483_648)),
        Case(.integer(7), .int32, .int64, .integer(7)),
        Case(.integer(16_777_217), .int64, .float, .double(16_777_216)),
        Case(.integer(9_007_199_254_740_993), .int64, .double, .double(9_007_199_254_740_992)),
        Case(.double(0.1), .double, .float, .double(Double(Float(0.1)))),
        Case(.double(1e300), .double, .float, .double(.infinity)),
        Case(.double(1.5), .float, .int64, .integer(1)),
    ]

    static let integers: [Case] = [
        ("12", 12), ("+12", 12), ("-12", -12), ("007", 7), ("1.5", nil), ("", nil), ("+", nil),
        ("-", nil), (" 1", nil), ("1 ", nil), ("1e3", nil), ("0x10", nil), ("--1", nil),
        ("9223372036854775807", .max), ("9223372036854775808", nil),
        ("-9223372036854775808", .min), ("-9223372036854775809", nil), ("\u{0661}", nil),
        ("1_000", nil), ("-0", 0), ("99999999999999999999999", nil),
    ].map { (from: String, to: Int64?) in
        Case(.string(from), .string, .int64, to.map { .integer($0) } ?? .null)
    }

    static let doubles: [Case] = [
        ("1", 1), ("1.5", 1.5), ("-1.5e3", -1500), ("+.5", 0.5), ("5.", 5), ("1E+2", 100),
        ("1e-2", 0.01), ("0.1", 0.1),
        ("179769313486231580793728971405301e276", .some(.greatestFiniteMagnitude)),
        ("1e999", .infinity), ("-1e999", -.infinity), ("1e-999", 0), ("-0", 0),
        ("2.2250738585072011e-308", Double(bitPattern: 0x000F_FFFF_FFFF_FFFF)), ("", nil),
        (".", nil), ("e5", nil),
        ("1e", nil), ("1e+", nil), ("inf", nil), ("nan", nil), ("Infinity", nil), ("0x1p3", nil),
        (" 1", nil), ("1 ", nil), ("1,5", nil), ("1.2.3", nil), ("+-1", nil), ("1d", nil),
    ].map { (from: String, to: Double?) in
        Case(.string(from), .string, .double, to.map { .double($0) } ?? .null)
    }

    static let others: [Case] = [
        Case(.string("true"), .string, .bool, .bool(true)),
        Case(.string("false"), .string, .bool, .bool(false)),
        Case(.string("True"), .string, .bool, .null), Case(.string(""), .string, .bool, .null),
        Case(.string("1"), .string, .bool, .null),
        Case(.bool(true), .bool, .string, .string("true")),
        Case(.bool(false), .bool, .string, .string("false")),
        Case(.bool(true), .bool, .int64, .integer(1)),
        Case(.bool(false), .bool, .int32, .integer(0)),
        Case(.integer(.min), .int64, .string, .string("-9223372036854775808")),
        Case(.integer(5), .int32, .string, .string("5")),
        Case(.date(-1), .date, .timestamp, .timestamp(EventTime(microseconds: -86_400_000_000))),
        Case(.date(.max), .date, .timestamp, .null),
        Case(.timestamp(EventTime(microseconds: -1)), .timestamp, .date, .date(-1)),
        Case(.string("x"), .string, .string, .string("x")),
        Case(.string("2147483648"), .string, .int32, .null),
        Case(.string("0.1"), .string, .float, .double(Double(Float(0.1)))),
    ]

    static let decimals: [Case] =
        [
            (.double, .double(-1.25)), (.int64, .integer(-1)), (.int32, .integer(-1)),
            (.string, .string("-1.25")),
        ].map { (to: DataType, expected: Scalar) in
            Case(
                .decimal(Decimal128(unscaled: -125, scale: 2)), .decimal(precision: 38, scale: 2),
                to,
                expected)
        } + [
            Case(
                .decimal(Decimal128(unscaled: 10_000_000_000_000_000_000, scale: 0)),
                .decimal(precision: 38, scale: 0), .int64, .null)
        ]

    @Test(
        "A cast gives the equivalent of rule 22 or a counted null",
        arguments: numbers + narrow + integers + doubles + others + decimals)
    func casts(wanted: Case) throws {
        let columns = ExpressionFixture([("x", wanted.source, [wanted.from, .null, wanted.from])])
        let result = try columns.evaluate("cast(x as \(wanted.to))")
        #expect(result.values == [wanted.expected, .null, wanted.expected])
        #expect(result.type == wanted.to)
        #expect(result.faults.total == (wanted.expected == .null ? 2 : 0))
        guard case .string(let text) = wanted.from, wanted.source == .string else { return }
        #expect(try constant("cast('\(text)' as \(wanted.to))") == wanted.expected)
    }

    @Test("Casts that rule 22 does not name are refused")
    func refused() {
        let types: [DataType] = [
            .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
        ]
        let allowed: [DataType: [DataType]] = [
            .bool: [.bool, .int32, .int64, .string],
            .int32: [.int32, .int64, .float, .double, .string],
            .int64: [.int32, .int64, .float, .double, .string],
            .float: [.int32, .int64, .float, .double], .double: [.int32, .int64, .float, .double],
            .string: [.bool, .int32, .int64, .float, .double, .string], .bytes: [.bytes],
            .timestamp: [.timestamp, .date], .date: [.timestamp, .date],
        ]
        for source in types {
            for target in types {
                let refusal = diagnostic(
                    "cast(x as \(target))", [Field(name: "x", type: source)])
                let isAllowed = allowed[source]?.contains(target) == true
                #expect((refusal == nil) == isAllowed, "\(source) to \(target)")
            }
        }
    }
}
