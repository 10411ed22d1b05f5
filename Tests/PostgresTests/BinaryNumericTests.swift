import TestSupport
import Testing

@testable import Postgres

@Suite("Numbers as PostgreSQL writes them")
struct BinaryNumericTests {
    @Test(
        "have the words of the server's own format",
        arguments: [
            (Int128(0), 0, [0, 0, 0, 0] as [UInt16]),
            (1, 0, [1, 0, 0, 0, 1]),
            (10_000, 0, [1, 1, 0, 0, 1]),
            (-12_345_678, 2, [3, 1, 0x4000, 2, 12, 3456, 7800]),
            (5, 5, [1, 0xFFFE, 0, 5, 5000]),
        ])
    func words(unscaled: Int128, scale: Int, words: [UInt16]) {
        #expect(BinaryNumeric.words(unscaled, scale: scale) == words)
        #expect(BinaryNumeric.unscaled(words, scale: scale) == unscaled)
    }

    @Test("come back whatever their digits and places are")
    func roundTrip() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 0...38, using: &generator)
            var unscaled: Int128 = 0
            for _ in 0..<digits {
                unscaled = unscaled * 10 + Int128(Int.random(in: 0...9, using: &generator))
            }
            if Bool.random(using: &generator) { unscaled = -unscaled }
            let scale = Int.random(in: 0...38, using: &generator)
            let words = BinaryNumeric.words(unscaled, scale: scale)
            #expect(BinaryNumeric.unscaled(words, scale: scale) == unscaled, "\(unscaled) \(scale)")
        }
    }

    @Test("are refused when they are no decimal of the type, and never trap")
    func refusals() {
        #expect(BinaryNumeric.unscaled([0, 0, 0xC000, 0], scale: 2) == nil)
        #expect(BinaryNumeric.unscaled([1, 0xFFFF, 0, 3, 1230], scale: 2) == nil)
        #expect(BinaryNumeric.unscaled([1, 32_767, 0, 0, 9999], scale: 0) == nil)
        #expect(BinaryNumeric.unscaled([1, 0, 0, 0, 10_000], scale: 0) == nil)
        #expect(BinaryNumeric.unscaled([2, 0, 0, 0, 1], scale: 0) == nil)
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...14, using: &generator)
            var words = (0..<count).map { _ in UInt16.random(in: 0...10_001, using: &generator) }
            if count >= 4 {
                words[0] = UInt16(count - 4)
                words[1] = UInt16.random(in: 0...UInt16.max, using: &generator)
                words[2] = Bool.random(using: &generator) ? 0 : 0x4000
            }
            _ = BinaryNumeric.unscaled(words, scale: Int.random(in: 0...38, using: &generator))
        }
    }
}
