import Columns
import TestSupport
import Testing

@Suite("Runs of fixed-width values")
struct FixedValuesTests {
    private func array<Element>(_ values: FixedValues<Element>) -> [Element] {
        (0..<values.count).map { values[$0] }
    }

    @Test("are built like an array, whatever is appended", arguments: 0..<50 as Range<UInt64>)
    func builder(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var builder = FixedValuesBuilder<Int32>(capacity: Int.random(in: 0...3, using: &generator))
        var expected: [Int32] = []
        for step in 0..<60 {
            let count = [0, 1, 15, 16, 17, 100].randomElement(using: &generator) ?? 0
            let values = (0..<count).map { Int32(step * 1000 + $0) }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                builder.append(Int32(step))
                expected.append(Int32(step))
            case 1:
                builder.append(contentsOf: FixedValues(values))
                expected += values
            case 2:
                unsafe builder.append(count: count) { room in
                    for index in 0..<count { unsafe room[index] = values[index] }
                }
                expected += values
            default:
                guard let index = expected.indices.randomElement(using: &generator) else {
                    continue
                }
                builder[index] = -1
                expected[index] = -1
            }
            #expect(builder.count == expected.count, "seed \(seed)")
        }
        for index in expected.indices where builder[index] != expected[index] {
            Issue.record("seed \(seed): value \(index) is \(builder[index])")
        }
        #expect(array(builder.finish()) == expected, "seed \(seed)")
    }

    @Test("copy an array of any length", arguments: [0, 1, 63, 64, 65])
    func fromArray(count: Int) {
        let values = (0..<count).map { Double($0) }
        #expect(array(FixedValues(values)) == values)
        #expect(unsafe FixedValues(values).withUnsafeBufferPointer { unsafe Array($0) } == values)
    }

    @Test("what a filler throws leaves the builder as it was")
    func failingFill() throws {
        struct Stop: Error {}
        var builder = FixedValuesBuilder<Int64>()
        builder.append(7)
        do throws(Stop) {
            try unsafe builder.append(count: 100) { _ throws(Stop) in throw Stop() }
            Issue.record("the error was swallowed")
        } catch {}
        #expect(array(builder.finish()) == [7])
    }

    @Test("stay readable after their builder and their copies are gone")
    func lifetime() {
        var kept: [FixedValues<Int64>] = []
        for round in 0..<100 {
            var builder = FixedValuesBuilder<Int64>(capacity: 1)
            for value in 0..<100 { builder.append(Int64(round * 100 + value)) }
            let values = builder.finish()
            if round % 10 == 0 { kept.append(values) }
        }
        for (index, values) in kept.enumerated() {
            #expect(array(values) == (0..<100).map { Int64(index * 1000 + $0) })
        }
    }

    @Test("refuse an index outside them")
    func bounds() async {
        await #expect(processExitsWith: .failure) { _ = FixedValues<Int64>([1, 2])[2] }
        await #expect(processExitsWith: .failure) { _ = FixedValues<Int64>([1, 2])[-1] }
        await #expect(processExitsWith: .failure) { _ = FixedValues<Int64>([])[0] }
        await #expect(processExitsWith: .failure) {
            var builder = FixedValuesBuilder<Int64>()
            builder[0] = 1
        }
    }

    @Test("refuse to be longer than their memory, or of negative length")
    func length() async {
        await #expect(processExitsWith: .failure) {
            _ = FixedValues<Int64>(Buffer(capacity: 64), count: 9)
        }
        await #expect(processExitsWith: .failure) {
            _ = FixedValues<Int64>(Buffer(capacity: 64), count: -1)
        }
        await #expect(processExitsWith: .failure) {
            _ = FixedValues<Int64>(Buffer(capacity: 64), count: .max)
        }
        await #expect(processExitsWith: .failure) {
            var builder = FixedValuesBuilder<Int64>()
            unsafe builder.append(count: -1) { _ in }
        }
    }
}
