import TestSupport
import Testing
import Values

@Suite("Decimals")
struct Decimal128Tests {
    static let greatest = Decimal128.powerOfTen(38) - 1

    @Test(
        "are read from text and written with all their places",
        arguments: [
            ("12.5", 9, 2, "12.50"), ("-0.05", 9, 2, "-0.05"), ("+7", 9, 0, "7"),
            (".5", 9, 1, "0.5"), ("5.", 9, 1, "5.0"), ("-0", 9, 2, "0.00"),
            ("1.5000", 9, 1, "1.5"), ("000012", 2, 0, "12"), ("0.001", 3, 3, "0.001"),
            (
                "-99999999999999999999999999999999999999", 38, 0,
                "-99999999999999999999999999999999999999"
            ),
            (
                "0.99999999999999999999999999999999999999", 38, 38,
                "0.99999999999999999999999999999999999999"
            ),
        ])
    func text(text: String, precision: Int, scale: Int, expected: String) {
        let number = Decimal128(parsing: text, precision: precision, scale: scale)
        #expect(number?.description == expected)
        #expect(number?.scale == scale)
    }

    @Test(
        "refuse text that is no number or does not fit exactly",
        arguments: [
            ("", 9, 2), ("-", 9, 2), (".", 9, 2), ("1e3", 9, 2), ("1 ", 9, 2), ("1,5", 9, 2),
            ("--1", 9, 2), ("1.2.3", 9, 2), ("1.234", 9, 2), ("12345678", 9, 2), ("100", 2, 0),
            ("100000000000000000000000000000000000000", 38, 0), ("NaN", 9, 2), ("٣", 9, 2),
        ])
    func refused(text: String, precision: Int, scale: Int) {
        #expect(Decimal128(parsing: text, precision: precision, scale: scale) == nil)
    }

    @Test("are equal, ordered and hashed as numbers, whatever their scales are")
    func order() {
        let seed: UInt64 = 41
        var generator = SeededGenerator(seed: seed)
        let half = Decimal128(unscaled: 15, scale: 1)
        #expect(half == Decimal128(unscaled: 1_500, scale: 3))
        #expect(Set([half, Decimal128(unscaled: 1_500, scale: 3)]).count == 1)
        #expect(
            Decimal128(unscaled: Self.greatest, scale: 0)
                > Decimal128(unscaled: Self.greatest, scale: 38))
        for _ in 0..<2_000 {
            let (left, right) = (Self.number(&generator), Self.number(&generator))
            let scale = max(left.scale, right.scale)
            let one = left.unscaled * Decimal128.powerOfTen(scale - left.scale)
            let other = right.unscaled * Decimal128.powerOfTen(scale - right.scale)
            #expect((left < right) == (one < other), "\(left) \(right), seed \(seed)")
            #expect((left == right) == (one == other), "\(left) \(right), seed \(seed)")
            if left == right { #expect(left.hashValue == right.hashValue, "seed \(seed)") }
        }
    }

    private static func number(_ generator: inout SeededGenerator) -> Decimal128 {
        Decimal128(
            unscaled: Int128(Int.random(in: -300...300, using: &generator)),
            scale: Int.random(in: 0...4, using: &generator))
    }

    @Test(
        "are rounded half away from zero",
        arguments: [
            ("1.25", 1, "1.3"), ("-1.25", 1, "-1.3"), ("1.24", 1, "1.2"), ("-1.24", 1, "-1.2"),
            ("0.05", 0, "0"), ("0.50", 0, "1"), ("-0.50", 0, "-1"), ("2.50", 0, "3"),
            ("7.00", 4, "7.0000"),
        ])
    func rescaling(text: String, scale: Int, expected: String) throws {
        let number = try #require(Decimal128(parsing: text, precision: 38, scale: 2))
        #expect(number.rescaled(precision: 38, scale: scale)?.description == expected)
    }

    @Test("that outgrow their digits are nil, never wrapped")
    func overflow() {
        let greatest = Decimal128(unscaled: Self.greatest, scale: 0)
        #expect(greatest.rescaled(precision: 38, scale: 1) == nil)
        #expect(greatest.rescaled(precision: 37, scale: 0) == nil)
        #expect(Decimal128(unscaled: 995, scale: 1).rescaled(precision: 2, scale: 0) == nil)
        #expect(Decimal128(rounding: 1.0000001e38, precision: 38, scale: 0) == nil)
        #expect(Decimal128(rounding: .infinity, precision: 38, scale: 0) == nil)
        #expect(Decimal128(rounding: .nan, precision: 38, scale: 0) == nil)
        #expect(Decimal128(rounding: 99.95, precision: 3, scale: 1) == nil)
        #expect(Decimal128(rounding: 1e300, precision: 38, scale: 38) == nil)
    }

    @Test(
        "are made of the exact value of a double",
        arguments: [
            (0.1, 2, "0.10"), (2.675, 2, "2.67"), (0.125, 2, "0.13"), (-0.125, 2, "-0.13"),
            (-0.0, 1, "0.0"), (5e-324, 38, "0." + String(repeating: "0", count: 38)),
            (0.1, 38, "0.10000000000000000555111512312578270212"),
            (1e37, 0, "9999999999999999538762658202121142272"), (0.5, 0, "1"),
        ])
    func ofDoubles(double: Double, scale: Int, expected: String) {
        let number = Decimal128(rounding: double, precision: 38, scale: scale)
        #expect(number?.description == expected)
    }

    @Test("become the double that their text is")
    func doubles() {
        let seed: UInt64 = 42
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let bits = Int.random(in: 1...126, using: &generator)
            let digits =
                Int128(truncatingIfNeeded: generator.next())
                << 64 | Int128(truncatingIfNeeded: generator.next())
            let unscaled = (digits >> Int128(127 - bits)) % Decimal128.powerOfTen(38)
            let number = Decimal128(
                unscaled: unscaled, scale: Int.random(in: 0...38, using: &generator))
            #expect(number.double == Double(number.description), "\(number), seed \(seed)")
        }
    }
}
