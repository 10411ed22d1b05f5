import Columns
import TestSupport
import Testing

@Suite("Runs of byte strings")
struct BytesValuesTests {
    private func values(_ strings: [[UInt8]]) -> BytesValues {
        var builder = BytesValuesBuilder(capacity: 0)
        for string in strings { builder.append(string) }
        return builder.finish()
    }

    private func randomStrings(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            }
        }
    }

    @Test("hold the strings appended", arguments: [0, 1, 2, 63, 64, 65, 500])
    func roundTrip(count: Int) {
        let strings = randomStrings(count, seed: UInt64(count))
        let values = values(strings)
        #expect(values.count == count)
        #expect((0..<count).map { values.array(at: $0) } == strings)
        #expect(values.bytes.count == strings.map(\.count).reduce(0, +))
    }

    @Test("take strings from every kind of sequence, and nothing")
    func appending() {
        var builder = BytesValuesBuilder()
        builder.append("é".utf8)
        builder.append(AnySequence([1, 2]))
        builder.appendEmpty()
        unsafe [UInt8](repeating: 3, count: 2).withUnsafeBufferPointer { unsafe builder.append($0) }
        builder.append([])
        #expect(builder.count == 5)
        #expect(builder.byteCount == 6)
        let values = builder.finish()
        #expect((0..<5).map { values.array(at: $0) } == [[0xC3, 0xA9], [1, 2], [], [3, 3], []])
        #expect(values.string(at: 0) == "é")
    }

    @Test("compare by unsigned bytes, shorter first")
    func comparing() {
        let seed: UInt64 = 21
        let endings: [[UInt8]] = [[], [0], [0x80], [0x7F, 0xFF]]
        let prefixed = (0...17).flatMap { length in
            endings.map { [UInt8](repeating: 0x90, count: length) + $0 }
        }
        let strings = randomStrings(60, seed: seed) + prefixed
        let values = values(strings)
        for left in strings.indices {
            for right in strings.indices {
                let expected =
                    strings[left] == strings[right]
                    ? 0 : (strings[left].lexicographicallyPrecedes(strings[right]) ? -1 : 1)
                #expect(
                    values.compare(left, with: values, right).signum() == expected,
                    "seed \(seed): \(strings[left]) and \(strings[right])")
            }
        }
    }

    @Test("show broken UTF-8 as replacement characters")
    func brokenText() {
        #expect(values([[0x61, 0xFF, 0x62]]).string(at: 0) == "a\u{FFFD}b")
    }

    @Test("trap rather than read past the bytes when the offsets are broken")
    func brokenOffsets() async {
        await #expect(processExitsWith: .failure) {
            _ = BytesValues(offsets: FixedValues([0, 100]), bytes: FixedValues([1])).array(at: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = BytesValues(offsets: FixedValues([-1, 1]), bytes: FixedValues([1])).array(at: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = BytesValues(offsets: FixedValues([1, 0]), bytes: FixedValues([1])).array(at: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = BytesValues(offsets: FixedValues([]), bytes: FixedValues([]))
        }
    }
}
