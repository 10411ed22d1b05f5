import Columns
import Expressions
import TestSupport
import Testing
import Values

/// Judged by plain integers: a decimal of scale s is its digits over ten to the power of s.
@Suite("Decimals in expressions")
struct DecimalTests {
    static let fields = [
        Field(name: "a", type: .decimal(precision: 9, scale: 2)),
        Field(name: "b", type: .decimal(precision: 6, scale: 3)),
        Field(name: "wide", type: .decimal(precision: 38, scale: 0)),
        Field(name: "i", type: .int64), Field(name: "f", type: .double),
        Field(name: "s", type: .string), Field(name: "l", type: .list(.float)),
    ]

    @Test(
        "have the types of SQL",
        arguments: [
            ("a + b", "decimal(11,3)"), ("a - b", "decimal(11,3)"), ("a * b", "decimal(15,5)"),
            ("a / b", "double"), ("-a", "decimal(9,2)"), ("abs(a)", "decimal(9,2)"),
            ("a + 1", "decimal(10,2)"), ("a * 10", "decimal(11,2)"), ("a + i", "decimal(22,2)"),
            ("a + f", "double"), ("a + 0.5", "double"), ("wide + wide", "decimal(38,0)"),
            ("wide * a", "decimal(38,2)"), ("a > b", "bool"), ("a = 1", "bool"),
            ("if(true, a, b)", "decimal(10,3)"), ("coalesce(a, 0)", "decimal(21,2)"),
            ("coalesce(a, f)", "double"), ("a + null", "decimal(10,2)"),
            ("cast(a as decimal(12, 4))", "decimal(12,4)"),
            ("cast(l as vector<float, 2>)", "vector<float, 2>"),
        ])
    func types(text: String, type: String) throws {
        #expect(try typed(text).type.description == type)
    }

    @Test(
        "are refused where no decimal has digits enough, or an operator takes integers",
        arguments: ["wide + b", "wide > a", "a * cast(b as decimal(38,37))", "a // b", "a % 2"])
    func refused(text: String) {
        #expect(throws: Diagnostic.self) { try typed(text) }
    }

    @Test("calculate exactly, by column and by row")
    func arithmetic() throws {
        let seed: UInt64 = 81
        var generator = SeededGenerator(seed: seed)
        let digits = (0..<300).map { _ in
            (
                Int128(Int.random(in: -5_000...5_000, using: &generator)),
                Int128(Int.random(in: -5_000...5_000, using: &generator))
            )
        }
        let batch = batch(digits)
        for (text, scale, operation) in [
            ("a + b", 3, { $0 * 10 + $1 }), ("a - b", 3, { $0 * 10 - $1 }),
            ("a * b", 5, { $0 * $1 }), ("-a", 2, { a, _ in -a }),
            ("abs(b)", 3, { _, b in b < 0 ? -b : b }), ("a + 7", 2, { a, _ in a + 700 }),
            ("if(a > b, a, b)", 3, { max($0 * 10, $1) }),
            ("cast(b as decimal(6,1))", 1, { _, b in (b + b.signum() * 50) / 100 }),
        ] as [(String, Int, (Int128, Int128) -> Int128)] {
            let expected = digits.map {
                Scalar.decimal(Decimal128(unscaled: operation($0.0, $0.1), scale: scale))
            }
            #expect(try evaluate(text, batch).0 == expected, "\(text), seed \(seed)")
        }
        for (text, operation) in [
            ("a < b", { $0 * 10 < $1 }), ("a <= b", { $0 * 10 <= $1 }),
            ("a = b", { $0 * 10 == $1 }),
            ("a != 1", { a, _ in a != 100 }), ("a >= 1", { a, _ in a >= 100 }),
            ("a between b and 3", { $0 * 10 >= $1 && $0 <= 300 }),
        ] as [(String, (Int128, Int128) -> Bool)] {
            let expected = digits.map { Scalar.bool(operation($0.0, $0.1)) }
            #expect(try evaluate(text, batch).0 == expected, "\(text), seed \(seed)")
        }
    }

    @Test(
        "that overflow, or are cast to what does not hold them, are null and counted",
        arguments: [
            "wide + wide", "wide * 10", "cast(wide as decimal(37,0))", "cast(wide as int64)",
            "cast('1.005' as decimal(3,2))", "cast('x' as decimal(3,2))",
            "cast(1e30 as decimal(20,0))",
        ])
    func faults(text: String) throws {
        let greatest = Decimal128.powerOfTen(38) - 1
        let (values, faults) = try evaluate(text, batch([(0, 0)], wide: greatest))
        #expect(values == [.null])
        #expect(faults.overflow + faults.badCast == 1)
    }

    @Test(
        "are cast to numbers, texts and back",
        arguments: [
            ("cast(a as double)", .double(-12.5)), ("cast(a as float)", .double(-12.5)),
            ("cast(a as int64)", .integer(-12)), ("cast(a as string)", .string("-12.50")),
            ("cast('-0.05' as decimal(3,2))", .decimal(Decimal128(unscaled: -5, scale: 2))),
            ("cast(0.125 as decimal(3,2))", .decimal(Decimal128(unscaled: 13, scale: 2))),
            ("cast(7 as decimal(3,1))", .decimal(Decimal128(unscaled: 70, scale: 1))),
            ("a / 2", .double(-6.25)),
        ] as [(String, Scalar)])
    func casts(text: String, expected: Scalar) throws {
        #expect(try evaluate(text, batch([(-1_250, 0)])).0 == [expected])
    }

    @Test("Lists become vectors of their length, and null where it differs")
    func vectors() throws {
        let (values, faults) = try evaluate(
            "cast(l as vector<float, 2>)",
            batch(
                [(0, 0), (0, 0), (0, 0), (0, 0)],
                lists: [
                    .list([.double(1), .double(2)]), .list([.double(1)]), .null,
                    .list([.double(1), .null]),
                ]))
        #expect(values == [.list([.double(1), .double(2)]), .null, .null, .null])
        #expect(faults.badCast == 2)
    }

    private func typed(_ text: String) throws -> TypedExpression {
        try ExpressionSyntax.parse(text, at: start).typed(in: batch([]).scope)
    }

    private func evaluate(
        _ text: String, _ fixture: ExpressionFixture
    ) throws -> (values: [Scalar], faults: FaultCounts) {
        let (values, _, faults) = try fixture.evaluate(text)
        return (values, faults)
    }

    private func batch(
        _ digits: [(Int128, Int128)], wide: Int128 = 0, lists: [Scalar]? = nil
    ) -> ExpressionFixture {
        func decimals(_ scale: Int, _ digits: [Int128]) -> [Scalar] {
            digits.map { .decimal(Decimal128(unscaled: $0, scale: scale)) }
        }
        let values: [[Scalar]] = [
            decimals(2, digits.map(\.0)), decimals(3, digits.map(\.1)),
            decimals(0, digits.map { _ in wide }), digits.map { _ in .integer(1) },
            digits.map { _ in .double(1) }, digits.map { _ in .null },
            lists ?? digits.map { _ in .null },
        ]
        return ExpressionFixture(
            zip(Self.fields, values).map { ($0.name, $0.type, $1) })
    }
}
