import TestSupport
import Testing

@testable import Quality

@Suite("A histogram that finds its bins")
struct AlignedHistogramTests {
    @Test("counts doubles as a scan over fixed bins does")
    func doubles() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let values = doubles(using: &generator)
            var histogram = AlignedHistogram.ofDoubles()
            for value in values { histogram.add(value) }
            let scale = leastScale(values)
            #expect(histogram.scale == scale, "seed \(seed)")
            var naive: [Int64: Int64] = [:]
            for value in values { naive[bin(of: value, scale), default: 0] += 1 }
            #expect(histogram.bins == naive, "seed \(seed)")
        }
    }

    @Test("counts integers as a scan over fixed bins does")
    func integers() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let bits = Int64.random(in: 0...63, using: &generator)
            let values = (0..<Int.random(in: 1...500, using: &generator)).map { _ in
                Int64.random(in: .min ... .max, using: &generator) >> bits
            }
            var histogram = AlignedHistogram.ofIntegers()
            for value in values { histogram.add(value) }
            var scale: Int64 = 0
            while !fits(values.map { $0 >> scale }) { scale += 1 }
            #expect(histogram.scale == Int(scale), "seed \(seed)")
            var naive: [Int64: Int64] = [:]
            for value in values { naive[value >> scale, default: 0] += 1 }
            #expect(histogram.bins == naive, "seed \(seed)")
        }
    }

    @Test("is as wide as it must be, and holds all values")
    func bounds() {
        var histogram = AlignedHistogram.ofIntegers()
        for value in 0..<256 as Range<Int64> { histogram.add(value) }
        #expect(histogram.scale == 0)
        histogram.add(256 as Int64)
        #expect(histogram.scale == 1)
        #expect(histogram.counts == [Int64](repeating: 2, count: 128) + [1])
        histogram.add(Int64.max)
        histogram.add(Int64.min)
        #expect(histogram.total == 259)
    }

    private func doubles(using generator: inout SeededGenerator) -> [Double] {
        let exponents = generator.chance(0.5) ? -20...20 : -1074...1023
        return (0..<Int.random(in: 1...400, using: &generator)).map { _ in
            if generator.chance(0.1) { return generator.chance(0.5) ? 0 : -0.0 }
            let value = Double(
                sign: generator.chance(0.5) ? .plus : .minus,
                exponent: Int.random(in: exponents, using: &generator),
                significand: Double.random(in: 1..<2, using: &generator))
            return value.isFinite ? value : 1
        }
    }

    /// The least scale from which on bins are exact and few.
    private func leastScale(_ values: [Double]) -> Int {
        let exponents = values.filter { $0 != 0 }.map { Int($0.exponent) - 50 }
        var scale = max(-1000, exponents.max() ?? -1000)
        while !fits(values.map { bin(of: $0, scale) }) { scale += 1 }
        return scale
    }

    private func fits(_ bins: [Int64]) -> Bool {
        guard let least = bins.min(), let greatest = bins.max() else { return true }
        return Double(greatest) - Double(least) < 1e6 && greatest - least < 256
    }

    private func bin(of value: Double, _ scale: Int) -> Int64 {
        // Of a value that is too small to be scaled only the sign counts.
        if value == 0 { return 0 }
        if Int(value.exponent) < scale { return value < 0 ? -1 : 0 }
        let bin = (value / Double(sign: .plus, exponent: scale, significand: 1)).rounded(.down)
        return Int64(bin)
    }
}

extension AlignedHistogram {
    fileprivate var bins: [Int64: Int64] {
        var bins: [Int64: Int64] = [:]
        for (index, count) in counts.enumerated() where count > 0 {
            bins[first + Int64(index)] = count
        }
        return bins
    }
}
