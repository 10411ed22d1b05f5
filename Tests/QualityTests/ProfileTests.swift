import Columns
import TestSupport
import Testing
import Values

@testable import Quality

@Suite("The profile of a column")
struct ProfileTests {
    static let types = DataType.columnTypes + DataType.sizedTypes

    @Test("has the same bytes for any order, split and tree of merges", arguments: types)
    func anySplit(type: DataType) throws {
        for seed in 0..<15 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 0...600, using: &generator)
            let values = generator.wildScalars(count, of: type)
            let whole = profile(of: values, type)
            var parts = values.shuffled(using: &generator)
                .split(at: 7, using: &generator).map { profile(of: $0, type) }
            while parts.count > 1 {
                let taken = parts.remove(at: Int.random(in: parts.indices, using: &generator))
                parts[Int.random(in: parts.indices, using: &generator)].merge(taken)
            }
            #expect(parts[0].encoded == whole.encoded, "seed \(seed)")
        }
    }

    @Test("goes on as the one that was encoded", arguments: types)
    func decoded(type: DataType) throws {
        for seed in 0..<20 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let values = generator.wildScalars(300, of: type)
            let whole = profile(of: values, type)
            let field = Field(name: "x", type: type)
            var part = try ColumnProfile(
                field, encoded: profile(of: Array(values[..<200]), type).encoded)
            part.fold(Column(type: type, Array(values[200...])))
            #expect(part.encoded == whole.encoded, "seed \(seed)")
            #expect(
                try ColumnProfile(field, encoded: whole.encoded).encoded == whole.encoded,
                "seed \(seed)")
        }
    }

    @Test("refuses bytes that no profile has, and never traps", arguments: types)
    func corrupt(type: DataType) throws {
        let field = Field(name: "x", type: type)
        for seed in 0..<40 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var bytes = profile(of: generator.wildScalars(20, of: type), type).encoded
            let cut = Array(bytes.dropLast(Int.random(in: 1...bytes.count, using: &generator)))
            #expect(throws: (any Error).self) { try ColumnProfile(field, encoded: cut) }
            bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8(
                1 << Int.random(in: 0..<8, using: &generator))
            var read = try? ColumnProfile(field, encoded: bytes)
            read?.fold(Column(type: type, generator.wildScalars(20, of: type)))
        }
    }

    @Test("counts what a naive reader counts", arguments: types)
    func naive(type: DataType) {
        for seed in 0..<15 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let values = generator.wildScalars(
                Int.random(in: 0...400, using: &generator), of: type)
            let found = profile(of: values, type)
            let naive = NaiveProfile(values.map(\.measured))
            #expect(found.rows == values.count, "seed \(seed)")
            #expect(found.nulls == naive.nulls, "seed \(seed)")
            #expect(found.nonFinite == naive.nonFinite, "seed \(seed)")
            #expect(found.least.isIdentical(to: naive.least), "seed \(seed)")
            #expect(found.greatest.isIdentical(to: naive.greatest), "seed \(seed)")
            if naive.counts.count > DistinctValues.capacity {
                #expect(found.distinct.sorted == nil, "seed \(seed)")
                let error = Double(found.distinct.count) / Double(naive.counts.count) - 1
                #expect(abs(error) < 0.07, "seed \(seed)")
                continue
            }
            let entries = found.distinct.sorted ?? []
            #expect(entries.count == naive.counts.count, "seed \(seed)")
            #expect(entries.allSatisfy { naive.counts[$0.value.plain] == $0.count }, "seed \(seed)")
            let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.count >= $1.count }
            #expect(isSorted, "seed \(seed)")
        }
    }

    @Test("forgets values that are too long, wherever they stand")
    func longValues() {
        let long = Scalar.string(String(repeating: "x", count: DistinctValues.longest + 1))
        for place in 0..<3 {
            var values: [Scalar] = [.string("a"), .string("b"), .string("a")]
            values.insert(long, at: place)
            #expect(profile(of: values, .string).distinct.sorted == nil)
            #expect(profile(of: values, .string).greatest == long)
        }
    }

    @Test("of decimals has exact bounds and values, quantiles in the right bin and a mean")
    func decimals() {
        let type = DataType.decimal(precision: 9, scale: 2)
        let values = (1...1000).map { Scalar.decimal(Decimal128(unscaled: Int128($0), scale: 2)) }
        let found = profile(of: values + [.null], type)
        #expect(found.least == values[0] && found.greatest == values[999])
        #expect(found.mean == 5.005)
        for millionths: Int64 in [10_000, 500_000, 990_000] {
            guard case .decimal(let quantile)? = found.quantile(millionths: millionths) else {
                Issue.record("no quantile of \(millionths)")
                continue
            }
            let width = Double(sign: .plus, exponent: found.histogram?.scale ?? 0, significand: 1)
            #expect(abs(quantile.double - Double(millionths) / 100_000) <= width)
        }
        let few = profile(of: values.prefix(200).map { $0 }, type)
        #expect(few.distinct.sorted?.count == 200)
        #expect(few.moved(from: few) == 0)
    }

    @Test("of lists is one of their lengths")
    func lists() {
        let list = Scalar.list([.double(1), .null, .double(2)])
        let found = profile(of: [list, .null, .list([]), list], .list(.double))
        #expect(found.least == .integer(0) && found.greatest == .integer(3))
        #expect(found.mean == 2 && found.distinct.count == 2 && found.nulls == 1)
        #expect(found.quantile(millionths: 500_000) == .integer(3))
    }

    @Test("of a decimal or a list that was written before they were looked at is read as counts")
    func firstVersion() throws {
        let decimal = Field(name: "x", type: .decimal(precision: 9, scale: 2))
        let list = Field(name: "x", type: .list(.string))
        for field in [decimal, list] {
            // Version, rows, nulls, none that is not finite; no bounds; no values.
            var old = try ColumnProfile(field, encoded: [1, 5, 2, 0, 0, 0, 1, 0])
            #expect(old.rows == 5 && old.nulls == 2 && old.least == .null)
            #expect(old.histogram == nil && old.quantile(millionths: 500_000) == nil)
            old.merge(ColumnProfile(field))
            #expect(old.rows == 5)
        }
    }

    private func profile(of values: [Scalar], _ type: DataType) -> ColumnProfile {
        var profile = ColumnProfile(Field(name: "x", type: type))
        profile.fold(Column(type: type, values))
        return profile
    }
}

/// Counts value by value, without a thought of speed.
private struct NaiveProfile {
    var nulls = 0
    var nonFinite = 0
    var least = Scalar.null
    var greatest = Scalar.null
    var counts: [Scalar: Int64] = [:]

    init(_ values: [Scalar]) {
        for value in values {
            if value == .null {
                nulls += 1
                continue
            }
            counts[value.plain, default: 0] += 1
            if case .double(let number) = value, !number.isFinite {
                nonFinite += 1
                continue
            }
            if least == .null || value.plain.isBelow(least) { least = value.plain }
            if greatest == .null || greatest.isBelow(value.plain) { greatest = value.plain }
        }
    }
}

extension Scalar {
    /// The length of a list; of anything else the value itself.
    fileprivate var measured: Scalar {
        if case .list(let elements) = self { .integer(Int64(elements.count)) } else { self }
    }

    /// One zero, and one NaN that equals itself.
    fileprivate var plain: Scalar {
        guard case .double(let number) = self else { return self }
        return number.isNaN ? .string("NaN") : .double(number == 0 ? 0 : number)
    }

    fileprivate func isBelow(_ other: Scalar) -> Bool {
        switch (self, other) {
        case (.bool(let left), .bool(let right)): !left && right
        case (.integer(let left), .integer(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.string(let left), .string(let right)):
            Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8))
        case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
        case (.timestamp(let left), .timestamp(let right)): left < right
        case (.date(let left), .date(let right)): left < right
        case (.decimal(let left), .decimal(let right)): left < right
        default: false
        }
    }
}

extension SeededGenerator {
    /// Values of which some are rare and far away, and sometimes more than a profile keeps.
    fileprivate mutating func wildScalars(_ count: Int, of type: DataType) -> [Scalar] {
        let isWide = chance(0.5)
        return scalars(count, of: type).map { value in
            guard isWide, chance(0.8) else { return value }
            let exponent = Int.random(in: -1074...1023, using: &self)
            let number = Double(sign: .plus, exponent: exponent, significand: 1.25)
            return switch value {
            case .integer where type == .int64:
                .integer(Int64.random(in: .min ... .max, using: &self))
            case .double where type == .double: .double(chance(0.5) ? number : -number)
            case .timestamp:
                .timestamp(
                    EventTime(microseconds: .random(in: 0...1_000_000_000_000, using: &self)))
            case .string: .string("\(Int.random(in: 0...1000, using: &self))")
            default: value
            }
        }
    }
}

extension Array {
    /// At most `count` runs of the elements, some of them empty.
    func split(at count: Int, using generator: inout SeededGenerator) -> [[Element]] {
        let cuts = (1..<count).map { _ in Int.random(in: 0...self.count, using: &generator) }
        let ends = cuts.sorted() + [self.count]
        return zip([0] + ends, ends).map { Array(self[$0..<$1]) }
    }
}
