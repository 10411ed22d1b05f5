import Foundation
import TestSupport
import Testing
import Values

@testable import Aggregates

@Suite("Sketches")
struct SketchTests {
    @Test("count distinct values exactly up to 256, then within the bound on a million")
    func distinct() {
        var sketch = DistinctSketch()
        var errors: [Double] = []
        for value in 1...1_000_000 as ClosedRange<Int64> {
            sketch.insert(Scalar.integer(value).valueHash)
            if value <= 256 {
                #expect(sketch.count == value)
            } else if value % 25_000 == 0 || value == 300 || value == 1000 {
                errors.append(Double(sketch.count) / Double(value) - 1)
            }
        }
        let worst = errors.map(\.magnitude).max() ?? 1
        #expect(worst < 0.05, "the worst of \(errors.count) estimates is off by \(worst)")
    }

    @Test("estimate 20,000 distinct values with a standard error of 1.6 %")
    func standardError() {
        var squares = 0.0
        for seed in 0..<40 as Range<Int64> {
            var sketch = DistinctSketch()
            for value in 0..<20_000 as Range<Int64> {
                sketch.insert(Scalar.integer(seed << 40 | value).valueHash)
            }
            let error = Double(sketch.count) / 20_000 - 1
            squares += error * error
        }
        let deviation = (squares / 40).squareRoot()
        #expect(deviation < 0.022, "the standard error is \(deviation)")
    }

    @Test("give quantiles of a million values within 1/128")
    func quantiles() {
        var random = SeededGenerator(seed: 128)
        var sketch = QuantileSketch()
        var values: [Double] = []
        for _ in 0..<1_000_000 {
            let unit = Double(random.next() >> 11) * 0x1p-53
            let value = unit < 0.1 ? -1 - unit * 1000 : unit / (1.0001 - unit) * 50
            values.append(value)
            sketch.add(QuantileBucket.index(of: value))
        }
        values.sort()
        for millionths in stride(from: 0, through: 1_000_000, by: 12_500) {
            guard let quantile = Quantile(millionths: millionths) else { continue }
            let exact = values[Int(quantile.rank(of: 1_000_000)) - 1]
            let found = sketch.value(at: quantile) ?? .nan
            #expect(abs(found - exact) <= exact.magnitude / 128, "at \(quantile)")
        }
        #expect(sketch.joins == 0)
    }

    @Test("of quantiles round to seven binary digits, whole numbers up to 128 not at all")
    func places() {
        for value in -128...128 {
            let index = QuantileBucket.index(of: Double(value))
            #expect(QuantileBucket.value(of: index, joins: 0) == Double(value))
        }
        for value in [Double.infinity, -.infinity, 0.375, 1e300, .greatestFiniteMagnitude] {
            let found = QuantileBucket.value(of: QuantileBucket.index(of: value), joins: 0)
            #expect(value.isInfinite ? found == value : abs(found - value) <= abs(value) / 128)
        }
        #expect(QuantileBucket.value(of: QuantileBucket.index(of: .nan), joins: 0).isNaN)
        #expect(QuantileBucket.index(of: 5e-324) == 0)
    }

    @Test("that join places do it alike for any order and split")
    func joining() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...80, using: &random)
            let values = NastyValues.random(count: count, using: &random) + NastyValues.special
            let indices = values.map(QuantileBucket.index(of:))
            var whole = QuantileSketch(capacity: 7)
            for index in indices { whole.add(index) }
            var parts = (0..<3).map { _ in QuantileSketch(capacity: 7) }
            for index in indices.shuffled(using: &random) {
                parts[Int.random(in: 0..<3, using: &random)].add(index)
            }
            parts[2].merge(parts[0])
            parts[1].merge(parts[2])
            var counts = BucketCounts()
            for index in indices + indices.prefix(9) { counts.add(index) }
            for index in indices.prefix(9) { counts.remove(index) }
            #expect(bytes(parts[1]) == bytes(whole), "seed \(seed)")
            #expect(bytes(QuantileSketch(counts, capacity: 7)) == bytes(whole), "seed \(seed)")
            #expect(whole.counts.count <= 7)
        }
    }

    @Test("beyond their places are read back, and refused when they were joined without need")
    func joinedBytes() throws {
        var random = SeededGenerator(seed: 3)
        var partial = try Partial(.quantile(quantile(0.5)), inputType: .double)
        for _ in 0..<6000 {
            partial.fold(
                value: .double(NastyValues.anyFinite(using: &random)), eventTime: .distantPast,
                knownAt: .distantPast)
        }
        let decoded = try Partial(encoded: partial.encoded)
        #expect(decoded.encoded == partial.encoded)
        guard case .quantiles(let sketch) = partial.state else { return }
        #expect(sketch.value.joins > 0)
        var writer = StateWriter()
        for byte in [1, 1, 5, 1] as [UInt8] { writer.write(byte: byte) }
        var reader = StateReader(writer.bytes)
        #expect(throws: AggregateError.self) { try QuantileSketch(from: &reader) }
    }

    @Test("of registers have the same bytes for any order and split, and none at half the size")
    func registers() throws {
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let values = (0..<700).map { _ in Int64.random(in: 0...1000, using: &random) }
            let kind = AggregateKind(function: .distinct, inputType: .int64)
            let rows = values.map {
                RankedValue(eventTime: .distantPast, knownAt: .distantPast, value: .integer($0))
            }
            let whole = try kind.partial(of: rows)
            #expect(try mergedAtRandom(rows, kind, using: &random).encoded == whole.encoded)
            #expect(try Partial(encoded: whole.encoded).encoded == whole.encoded)
            #expect(whole.encoded.count == 3 + 2 + 3072)
            let half = Array(whole.encoded.dropLast(1536))
            #expect(throws: AggregateError.self) { try Partial(encoded: half) }
        }
    }

    @Test("of sums decay as powers of two do, each to the nearest double")
    func powers() {
        #expect(powerOfTwo(0, over: 7) == 1)
        #expect(powerOfTwo(7, over: 7) == 2)
        #expect(powerOfTwo(1, over: 2) == 2.0.squareRoot())
        var random = SeededGenerator(seed: 2)
        for _ in 0..<5000 {
            let whole = random.next() >> UInt64.random(in: 1...60, using: &random) | 1
            let part = UInt64.random(in: 0...whole, using: &random)
            let expected = exp2(Double(part) / Double(whole))
            #expect(abs(powerOfTwo(part, over: whole) - expected) <= 2 * expected.ulp)
        }
    }

    @Test("of sums weigh a value half as much a half-life later")
    func decay() {
        var sums = DecayedSums(halfLife: .seconds(10))
        sums.add(8, at: EventTime(microseconds: -3_000_000))
        #expect(sums.value(at: EventTime(microseconds: -3_000_000)) == 8)
        #expect(sums.value(at: EventTime(microseconds: 7_000_000)) == 4)
        #expect(sums.value(at: EventTime(microseconds: 27_000_000)) == 1)
        #expect(sums.value(at: .distantFuture) == 0)
        sums.remove(8, at: EventTime(microseconds: -3_000_000))
        #expect(sums.value(at: .distantFuture) == nil)
    }

    private func bytes(_ sketch: QuantileSketch) -> [UInt8] {
        var writer = StateWriter()
        sketch.encode(into: &writer)
        return writer.bytes
    }
}
