import TestSupport
import Testing

@testable import Aggregates

@Suite("The exact sum")
struct ExactSumTests {
    @Test("sum, mean and variance are the exact ones rounded once")
    func roundsOnce() {
        for seed in 0..<400 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...12, using: &generator)
            check(NastyValues.random(count: count, using: &generator), note: "seed \(seed)")
        }
    }

    private func check(_ values: [Double], note: String) {
        var sum = RunningSum()
        var mean = RunningSum()
        var moments = RunningMoments()
        for value in values {
            sum.add(value)
            mean.add(value)
            moments.add(value)
        }
        #expect(ExactRational.sum(of: values).rounds(to: sum.value ?? .nan), "\(note) \(values)")
        #expect(ExactRational.mean(of: values).rounds(to: mean.mean ?? .nan), "\(note) \(values)")
        guard values.count > 1 else {
            #expect(moments.variance == nil)
            return
        }
        let variance = moments.variance ?? .nan
        #expect(ExactRational.variance(of: values).rounds(to: variance), "\(note) \(values)")
    }

    @Test("integers are summed exactly in mean and variance, whatever their size")
    func integers() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let bits = Int.random(in: 1...64, using: &generator)
            let values = (0..<Int.random(in: 2...9, using: &generator)).map { _ in
                Int64(bitPattern: generator.next()) >> Int64(64 - bits)
            }
            check(integers: values, note: "seed \(seed)")
        }
        check(integers: [.min, .min], note: "least")
        check(integers: [.max, .min, .max], note: "greatest")
    }

    private func check(integers values: [Int64], note: String) {
        var mean = RunningSum(of: .integers)
        var moments = RunningMoments.ofIntegers()
        var otherMoments = RunningMoments()
        for value in values {
            mean.add(integer: value)
            moments.add(integer: value)
            otherMoments.add(integer: value)
        }
        let exact = values.map { ExactRational(BigInteger($0)) }
        #expect(ExactRational.mean(of: exact).rounds(to: mean.mean ?? .nan), "\(note) \(values)")
        let variance = ExactRational.variance(of: exact)
        #expect(variance.rounds(to: moments.variance ?? .nan), "\(note) \(values)")
        #expect(otherMoments == moments, "\(note) \(values)")
        for value in values.dropFirst() {
            moments.remove(integer: value)
            mean.remove(integer: value)
        }
        #expect(mean.mean == Double(values[0]))
        #expect(moments.sum.rounded() == Double(values[0]))
    }

    @Test("what is added and taken away again leaves no trace, NaN and infinities included")
    func invertible() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let kept = NastyValues.random(count: 5, using: &generator)
            let passing = NastyValues.random(count: 6, using: &generator) + NastyValues.special
            var expected = RunningMoments()
            for value in kept { expected.add(value) }
            var moments = RunningMoments()
            for value in (kept + passing).shuffled(using: &generator) { moments.add(value) }
            for value in passing.shuffled(using: &generator) { moments.remove(value) }
            #expect(moments == expected, "seed \(seed)")
            #expect(moments.variance?.bitPattern == expected.variance?.bitPattern, "seed \(seed)")
            #expect(moments.sum.encoded == expected.sum.encoded, "seed \(seed)")
        }
    }

    @Test("a difference of prefix sums is the sum between them")
    func prefixDifferences() {
        var generator = SeededGenerator(seed: 11)
        let values = NastyValues.finite.shuffled(using: &generator)
        var prefixes = [ExactSum()]
        for value in values {
            var next = prefixes[prefixes.count - 1]
            next.add(value)
            prefixes.append(next)
        }
        for start in values.indices {
            for end in start...values.count {
                var difference = prefixes[end]
                difference.subtract(prefixes[start])
                var direct = ExactSum()
                for value in values[start..<end] { direct.add(value) }
                #expect(difference == direct)
                #expect(difference.encoded == direct.encoded)
            }
        }
    }

    @Test("reset leaves nothing behind")
    func reset() {
        var sum = ExactSum()
        for value in NastyValues.finite + NastyValues.special { sum.add(value) }
        sum.reset()
        #expect(sum == ExactSum())
        sum.add(0.1)
        #expect(sum.rounded() == 0.1)
    }

    @Test(
        "terms that are not finite decide as IEEE arithmetic does",
        arguments: [
            ([.infinity, 1], .infinity), ([-.infinity, 1e300], -.infinity),
            ([.infinity, -.infinity], .nan), ([.nan, 1], .nan), ([.infinity, .nan], .nan),
            ([.greatestFiniteMagnitude, .greatestFiniteMagnitude], .infinity),
            ([-.greatestFiniteMagnitude, -0x1p970], -.infinity),
            ([.greatestFiniteMagnitude, 0x1p969], .greatestFiniteMagnitude),
        ] as [([Double], Double)])
    func nonFinite(values: [Double], expected: Double) {
        var sum = RunningSum()
        var moments = RunningMoments()
        for value in values {
            sum.add(value)
            moments.add(value)
        }
        #expect(sum.value?.bitPattern == expected.canonical.bitPattern)
        if values.contains(where: { !$0.isFinite }) {
            #expect(moments.variance?.bitPattern == 0x7ff8_0000_0000_0000)
            #expect(moments.standardDeviation?.bitPattern == 0x7ff8_0000_0000_0000)
        }
    }

    @Test("no result is -0")
    func noNegativeZero() {
        var mean = RunningSum()
        mean.add(-0.0)
        #expect(mean.mean?.bitPattern == 0)
        mean.add(-.leastNonzeroMagnitude)
        mean.add(0)
        mean.add(0)
        #expect(mean.mean?.bitPattern == 0)
    }

    @Test("a huge value twice has variance 0, and a mean of huge values does not overflow")
    func hugeValues() {
        var moments = RunningMoments()
        moments.add(1e200)
        moments.add(1e200)
        #expect(moments.variance == 0)
        var mean = RunningSum()
        mean.add(.greatestFiniteMagnitude)
        mean.add(.greatestFiniteMagnitude)
        #expect(mean.mean == .greatestFiniteMagnitude)
    }

    @Test("many additions with the same great value leave the window in time")
    func headroom() {
        var sum = ExactSum(of: .squaresOfDoubles)
        for _ in 0..<40 {
            var doubled = sum
            doubled.addSquare(of: 0x1.fffffffffffffp43)
            sum.merge(doubled)
        }
        var expected = ExactRational(BigInteger(0))
        let square = ExactRational(0x1.fffffffffffffp43) * ExactRational(0x1.fffffffffffffp43)
        for _ in 0..<40 { expected = expected + expected + square }
        #expect(expected.rounds(to: sum.rounded()))
        for _ in 0..<800 { sum.merge(sum) }
        #expect(sum.rounded().isFinite)
    }

    @Test("a window that is all but full makes room when a square or a sum is added")
    func fullWindow() {
        for isNegative in [false, true] {
            var full = ExactSum(of: .squaresOfDoubles)
            full.window = Int256(high: isNegative ? -(1 << 126) : (1 << 126) - 1, low: 0)
            let before = full.rounded()
            let square = isNegative ? -0x1.2p87 : 0x1.2p87
            var sum = full
            sum.addSquare(of: isNegative ? 0 : 0x1.8p43)
            if isNegative { sum.subtractSquare(of: 0x1.8p43) }
            #expect(sum.window.hasHeadroom)
            #expect(sum.rounded() == before + square)
            sum.merge(full)
            sum.merge(full)
            #expect(sum.window.hasHeadroom)
            #expect(sum.rounded() == 3 * before + square)
            sum.subtract(full)
            sum.subtract(full)
            sum.subtract(full)
            #expect(sum.rounded() == square)
        }
    }

    @Test("empty sums and means are null, and variance is null below two values")
    func empties() {
        #expect(RunningSum().value == nil)
        #expect(RunningSum().mean == nil)
        #expect(RunningIntegerSum().value == nil)
        #expect(!RunningIntegerSum().overflows)
        var moments = RunningMoments()
        moments.add(.infinity)
        #expect(moments.variance == nil)
    }

    @Test("a sum of integers beyond 64 bits is null and says why, and comes back")
    func integerOverflow() {
        var sum = RunningIntegerSum()
        sum.add(.max)
        sum.add(1)
        #expect(sum.value == nil)
        #expect(sum.overflows)
        sum.remove(1)
        #expect(sum.value == .max)
        #expect(!sum.overflows)
    }
}
