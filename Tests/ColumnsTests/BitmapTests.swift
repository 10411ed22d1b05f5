import Columns
import TestSupport
import Testing

@Suite("Bitmaps")
struct BitmapTests {
    /// Lengths around the boundaries of words.
    static let lengths = [0, 1, 2, 63, 64, 65, 127, 128, 129, 1000]

    private func bitmap(_ bits: [Bool]) -> Bitmap {
        var builder = BitmapBuilder(capacity: 0)
        for bit in bits { builder.append(bit) }
        return builder.finish()
    }

    private func array(_ bitmap: Bitmap) -> [Bool] { (0..<bitmap.count).map { bitmap[$0] } }

    @Test("hold the bits appended, and none beyond them", arguments: lengths)
    func roundTrip(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        let bits = (0..<length).map { _ in generator.chance(0.5) }
        let bitmap = bitmap(bits)
        #expect(array(bitmap) == bits)
        #expect(bitmap.count == length)
        #expect(bitmap.onesCount == bits.count { $0 })
        #expect(bitmap.words.count == (length + 63) / 64)
        expectClearTail(bitmap)
    }

    @Test("invert and combine like arrays of bits", arguments: lengths)
    func operations(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length) + 1)
        let left = (0..<length).map { _ in generator.chance(0.5) }
        let right = (0..<length).map { _ in generator.chance(0.5) }
        let inverted = bitmap(left).inverted
        #expect(array(inverted) == left.map { !$0 })
        expectClearTail(inverted)
        let both = bitmap(left).combined(with: bitmap(right), &)
        #expect(array(both) == zip(left, right).map { $0 && $1 })
        let neither = bitmap(left).combined(with: bitmap(right)) { ~($0 | $1) }
        #expect(array(neither) == zip(left, right).map { !$0 && !$1 })
        expectClearTail(neither)
    }

    @Test("repeat one bit", arguments: lengths)
    func repeating(length: Int) {
        #expect(Bitmap(repeating: true, count: length).onesCount == length)
        #expect(Bitmap(repeating: false, count: length).onesCount == 0)
        expectClearTail(Bitmap(repeating: true, count: length))
    }

    @Test("take runs of equal bits at any position", arguments: 0..<50 as Range<UInt64>)
    func runs(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var builder = BitmapBuilder()
        var bits: [Bool] = []
        for _ in 0..<20 {
            let bit = generator.chance(0.5)
            let count = [0, 1, 3, 62, 63, 64, 65, 200].randomElement(using: &generator) ?? 0
            builder.append(bit, count: count)
            bits += Array(repeating: bit, count: count)
            builder.append(!bit)
            bits.append(!bit)
            #expect(builder.count == bits.count, "seed \(seed)")
        }
        let bitmap = builder.finish()
        #expect(array(bitmap) == bits, "seed \(seed)")
        expectClearTail(bitmap)
    }

    @Test("refuse an index outside them")
    func bounds() async {
        await #expect(processExitsWith: .failure) {
            _ = Bitmap(repeating: true, count: 65)[65]
        }
        await #expect(processExitsWith: .failure) {
            _ = Bitmap(repeating: true, count: 65)[-1]
        }
    }

    @Test("refuse words of another length, or with bits beyond the count")
    func words() async {
        await #expect(processExitsWith: .failure) {
            _ = Bitmap(words: FixedValues([0, 0]), count: 64)
        }
        await #expect(processExitsWith: .failure) {
            _ = Bitmap(words: FixedValues([0b1000]), count: 3)
        }
        #expect(Bitmap(words: FixedValues([0b0111]), count: 3).onesCount == 3)
    }

    private func expectClearTail(_ bitmap: Bitmap) {
        guard bitmap.count % 64 != 0 else { return }
        #expect(bitmap.words[bitmap.words.count - 1] >> UInt64(bitmap.count % 64) == 0)
    }
}
