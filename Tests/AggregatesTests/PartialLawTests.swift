import TestSupport
import Testing
import Values

@testable import Aggregates

@Suite("Order and split of rows do not matter, to the byte")
struct PartialLawTests {
    @Test(
        "any order, any split and any tree of merges give the same bytes", arguments: aggregateKinds
    )
    func anyOrder(kind: AggregateKind) throws {
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 0...12, using: &generator)
            let rows = randomRows(count: count, type: kind.inputType, using: &generator)
            let whole = try kind.partial(of: rows)
            let merged = try mergedAtRandom(rows, kind, using: &generator)
            #expect(merged.encoded == whole.encoded, "seed \(seed)")
            #expect(merged.finalised().bytes == whole.finalised().bytes, "seed \(seed)")
            let decoded = try Partial(encoded: whole.encoded)
            #expect(decoded.encoded == whole.encoded, "seed \(seed)")
            #expect(decoded.finalised().bytes == whole.finalised().bytes, "seed \(seed)")
        }
    }

    @Test("a decoded state goes on like the one that was encoded", arguments: aggregateKinds)
    func decodedStatesGoOn(kind: AggregateKind) throws {
        for seed in 100..<130 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let rows = randomRows(count: 9, type: kind.inputType, using: &generator)
            var part = try Partial(encoded: kind.partial(of: rows[..<4]).encoded)
            part.merge(try Partial(encoded: kind.partial(of: rows[4..<7]).encoded))
            for row in rows[7...] { part.fold(row) }
            #expect(part == (try kind.partial(of: rows)), "seed \(seed)")
        }
    }

    @Test("a copy of a state keeps its rows when the original goes on", arguments: aggregateKinds)
    func copies(kind: AggregateKind) throws {
        for seed in 200..<215 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let rows = randomRows(count: 8, type: kind.inputType, using: &generator)
            var original = try kind.partial(of: rows[..<4])
            let copy = original
            let bytes = copy.encoded
            for row in rows[4...] { original.fold(row) }
            #expect(copy.encoded == bytes, "seed \(seed)")
            var merged = copy
            merged.merge(original)
            if kind.function.isInvertible { merged.subtract(copy) }
            merged.reset()
            #expect(copy.encoded == bytes, "seed \(seed)")
            #expect(merged == (try kind.partial(of: [])), "seed \(seed)")
            #expect(original == (try kind.partial(of: rows)), "seed \(seed)")
        }
    }

    @Test("taking rows away leaves the state of the others")
    func subtraction() throws {
        for kind in aggregateKinds where kind.function.isInvertible {
            for seed in 0..<30 as Range<UInt64> {
                var generator = SeededGenerator(seed: seed)
                let rows = randomRows(count: 10, type: kind.inputType, using: &generator)
                var part = try kind.partial(of: rows)
                part.subtract(try kind.partial(of: rows[..<6]))
                #expect(part == (try kind.partial(of: rows[6...])), "\(kind) seed \(seed)")
            }
        }
    }

    @Test(
        "every sequence of a few nasty doubles, split everywhere, gives the bytes of its multiset")
    func enumerated() throws {
        let pool: [Double] = [
            1e200, -1e200, 1e100, 1, -.leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1p-53,
            .infinity, .nan,
        ]
        for function in [AggregateFunction.sum, .mean, .variance, .max, .min] {
            let kind = AggregateKind(function: function, inputType: .double)
            for length in 1...3 { try enumerate(pool, length: length, kind) }
        }
    }

    private func enumerate(_ pool: [Double], length: Int, _ kind: AggregateKind) throws {
        var expected: [[Int]: [UInt8]] = [:]
        for code in 0..<power(pool.count, length) {
            let indices = (0..<length).map { code / power(pool.count, $0) % pool.count }
            let rows = indices.map { row(pool[$0]) }
            let whole = try kind.partial(of: rows).encoded
            let known = expected[indices.sorted(), default: whole]
            expected[indices.sorted()] = known
            #expect(whole == known, "\(kind) \(indices)")
            for cut in 0...length {
                var left = try kind.partial(of: rows[..<cut])
                left.merge(try kind.partial(of: rows[cut...]))
                #expect(left.encoded == known, "\(kind) \(indices) cut at \(cut)")
            }
        }
    }

    private func row(_ value: Double) -> RankedValue {
        RankedValue(eventTime: .distantPast, knownAt: .distantPast, value: .double(value))
    }

    private func power(_ base: Int, _ exponent: Int) -> Int {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }

    @Test("the newest rows of a bounded window are the same in any order and split")
    func newestRows() throws {
        for seed in 0..<100 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let rows = randomRows(count: 14, type: .double, using: &generator)
            var whole = try NewestRows(.sum, inputType: .double, capacity: 5)
            var parts = [whole, whole, whole]
            for row in rows { whole.fold(row) }
            for row in rows.shuffled(using: &generator) {
                parts[Int.random(in: 0..<3, using: &generator)].fold(row)
            }
            parts[1].merge(parts[2])
            parts[0].merge(parts[1])
            #expect(parts[0].encoded == whole.encoded, "seed \(seed)")
            #expect(try NewestRows(encoded: whole.encoded) == whole, "seed \(seed)")
            #expect(whole.rows == rows.sorted().suffix(5), "seed \(seed)")
            #expect(whole.hasOverflowed)
        }
    }
}

extension NewestRows {
    mutating func fold(_ row: RankedValue) {
        fold(value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
    }
}

extension Scalar {
    /// What a result is to the byte: unlike `==` it tells zeros, NaN and spellings apart.
    var bytes: [UInt8] {
        var writer = StateWriter()
        if case .list(let values) = self {
            for value in values { value.encodeOptional(into: &writer) }
        } else {
            encodeOptional(into: &writer)
        }
        return writer.bytes
    }
}
