import TestSupport
import Testing

@testable import Aggregates

@Suite("Rounding of wide numbers")
struct RoundingTests {
    @Test("wide numbers and their quotients round once to the nearest double")
    func rounding() {
        for seed in 0..<1500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let number = randomNumber(using: &generator)
            guard let leading = number.leadingBits else { continue }
            let exact = ExactRational(number)
            #expect(exact.rounds(to: leading.rounded(isNegative: false)), "seed \(seed)")
            let divisor = randomDivisor(using: &generator)
            let quotient = exact * ExactRational(BigInteger(1), over: BigInteger(wide: divisor))
            let rounded = leading.rounded(dividedBy: divisor, isNegative: false)
            #expect(quotient.rounds(to: rounded), "seed \(seed)")
        }
    }

    @Test("a product with the divisor divides back, and a bit below it breaks the tie")
    func ties() {
        for seed in 0..<500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let divisor = UInt64.random(in: 1...(.max), using: &generator)
            // 54 bits with the lowest one set: halfway between two doubles.
            let tie = generator.next() >> 10 | 1 << 53 | 1
            let zeros = Int.random(in: 0...7, using: &generator)
            let product = WideMagnitude(words: [tie], exponent: 0).multiplied(by: divisor)
            var words = [UInt64](repeating: 0, count: zeros) + product.words
            check(words, divisor: divisor, note: "seed \(seed)")
            words.insert(1, at: 0)
            check(words, divisor: divisor, note: "seed \(seed) and a bit")
        }
    }

    private func check(_ words: [UInt64], divisor: UInt64, note: String) {
        let number = WideMagnitude(words: words, exponent: -100)
        for wide in [UInt128(divisor), UInt128(divisor) << 60] {
            let exact = ExactRational(number)
            let quotient = exact * ExactRational(BigInteger(1), over: BigInteger(wide: wide))
            let rounded = number.leadingBits?.rounded(dividedBy: wide, isNegative: false)
            #expect(quotient.rounds(to: rounded ?? .nan), "\(note)")
        }
    }

    @Test("squares and differences of wide numbers are exact")
    func arithmetic() {
        for seed in 0..<500 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let left = randomNumber(using: &generator)
            let right = randomNumber(using: &generator)
            let exact = ExactRational(left) * ExactRational(left)
            #expect(ExactRational(left.squared()).compare(exact) == 0, "seed \(seed)")
            let order = ExactRational(left).compare(ExactRational(right))
            guard let difference = left.subtracting(right) else {
                #expect(order < 0, "seed \(seed)")
                continue
            }
            let sum = ExactRational(difference) + ExactRational(right)
            #expect(sum.compare(ExactRational(left)) == 0, "seed \(seed)")
        }
    }

    private func randomNumber(using generator: inout SeededGenerator) -> WideMagnitude {
        let exponent = Int.random(in: -1300...700, using: &generator)
        let words = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
            let choices: [UInt64] = [0, 0, 1, 1 << 63, .max, generator.next()]
            return choices.randomElement(using: &generator) ?? 0
        }
        return WideMagnitude(words: words, exponent: exponent)
    }

    private func randomDivisor(using generator: inout SeededGenerator) -> UInt128 {
        let wide = UInt128(generator.next()) << 64 | UInt128(generator.next())
        return max(1, wide >> UInt128.random(in: 1...127, using: &generator))
    }
}

extension BigInteger {
    init(wide value: UInt128) {
        self = BigInteger(Int64(value >> 96)) * .powerOfTwo(96)
        for shift in [64, 32, 0] {
            let digit = Int64(truncatingIfNeeded: value >> UInt128(shift)) & 0xffff_ffff
            self = self + BigInteger(digit) * .powerOfTwo(shift)
        }
    }
}

extension ExactRational {
    init(_ number: WideMagnitude) {
        self.init(BigInteger(0))
        for (index, word) in number.words.enumerated() {
            numerator = numerator + BigInteger(wide: UInt128(word)) * .powerOfTwo(64 * index)
        }
        if number.exponent >= 0 {
            numerator = numerator * .powerOfTwo(number.exponent)
        } else {
            denominator = .powerOfTwo(-number.exponent)
        }
    }
}
