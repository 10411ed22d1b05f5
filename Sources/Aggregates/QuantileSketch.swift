// How many values stand at each place (`QuantileBucket`), from which every quantile can be read.
//
// Idea. Places are few when values are alike: 64 for each power of two. If there are more than
// `capacity`, neighbours are joined in pairs, as often as it takes, which doubles the error each
// time (UDDSketch, Epicoco et al. 2020).
//
// Invariant. `joins` is the least number of joinings after which at most `capacity` places are
// taken. A part of some rows never takes more places than all of them, so it was never joined more
// often; hence merging gives the state of all rows, whatever their order and split.
//
// Cost. O(log places) to find a place and a small move for one that is not taken yet; merging is
// linear in the places.

/// The counts of values by their places, at most `capacity` places.
package struct QuantileSketch: Sendable {
    /// How many places are kept: 32 powers of two, filled densely.
    package static let standardCapacity = 2048

    package let capacity: Int
    /// How often neighbouring places were joined.
    package private(set) var joins = 0
    private(set) var counts = BucketCounts()

    package init(capacity: Int = Self.standardCapacity) { self.capacity = capacity }

    /// Adds a value at a place of `QuantileBucket.index(of:)`.
    package mutating func add(_ index: Int32) {
        counts.add(joined(index, times: joins))
        joinWhileTooMany()
    }

    /// Adds all values of `other`, which must have the same capacity.
    package mutating func merge(_ other: QuantileSketch) {
        var others = other.counts
        for _ in min(joins, other.joins)..<joins { others = others.joined() }
        for _ in min(joins, other.joins)..<other.joins { counts = counts.joined() }
        joins = max(joins, other.joins)
        counts.merge(others)
        joinWhileTooMany()
    }

    /// The value at `quantile`; nil without values.
    package func value(at quantile: Quantile) -> Double? {
        counts.index(at: quantile).map { QuantileBucket.value(of: $0, joins: joins) }
    }

    private mutating func joinWhileTooMany() {
        while counts.count > capacity {
            counts = counts.joined()
            joins += 1
        }
    }

    private func joined(_ index: Int32, times: Int) -> Int32 {
        var index = index
        for _ in 0..<times { index = QuantileBucket.joined(index) }
        return index
    }
}

extension QuantileSketch {
    /// The sketch of all values at the places of `counts`.
    package init(_ counts: BucketCounts, capacity: Int = Self.standardCapacity) {
        self.init(capacity: capacity)
        self.counts = counts
        joinWhileTooMany()
    }
}

// The bytes: how often joined, how many places; the first place, then the distances, each followed
// by its count.
extension QuantileSketch {
    func encode(into writer: inout StateWriter) {
        writer.write(UInt64(joins))
        writer.write(UInt64(counts.count))
        var previous: Int64?
        for (index, count) in zip(counts.indices, counts.counts) {
            if let previous {
                writer.write(UInt64(Int64(index) - previous))
            } else {
                writer.write(signed: Int64(index))
            }
            previous = Int64(index)
            writer.write(UInt64(bitPattern: count))
        }
    }

    init(from reader: inout StateReader) throws(AggregateError) {
        self.init()
        joins = try reader.readCount(limit: 17)
        let taken = try reader.readCount(limit: capacity)
        var (previous, total) = (Int64(0), Int64(0))
        for place in 0..<taken {
            if place == 0 {
                previous = try reader.readSigned()
            } else {
                let distance = try reader.readCount(limit: Int(UInt32.max))
                guard distance > 0 else { throw reader.corrupt("a place stands twice") }
                previous += Int64(distance)
            }
            guard let index = Int32(exactly: previous),
                QuantileBucket.isPossible(index, joins: joins)
            else { throw reader.corrupt("a place is out of range") }
            let count = try reader.readRowCount()
            let (sum, overflows) = total.addingReportingOverflow(count)
            guard count > 0, !overflows else { throw reader.corrupt("a count is out of range") }
            total = sum
            counts.append(index, count: count)
        }
        guard joins == 0 || counts.greatestCountBeforeJoining > capacity else {
            throw reader.corrupt("places were joined without need")
        }
    }
}
