import Aggregates

// A histogram whose bins find themselves, so that one pass over unknown values is enough.
//
// Idea. A bin is `n * 2^scale ..< (n + 1) * 2^scale`. When values leave the bins that fit
// `capacity`, the scale grows by one and neighbours 2n and 2n + 1 become bin n: no count is ever
// split, so all counts stay exact.
//
// Invariant. `scale` is the least at which the bins from the least to the greatest value fit. It
// only grows with more values, and joining bins twice is joining them once further; so merging
// gives the histogram of all values, whatever their order and split. Bins of two histograms nest in
// each other, which is what comparing two runs needs.
//
// Cost. A multiplication and an increment for each value, besides a logarithmic number of joinings.

/// How many values lie in each of at most `capacity` bins of equal width, a power of two.
public struct AlignedHistogram: Hashable, Sendable {
    /// The greatest number of bins; at least a quarter of it is used when values differ enough.
    public static let capacity = 256
    /// Doubles are cut off this many bits below their leading one, so that bin numbers are exact.
    private static let precision = 50
    /// The least scale: what is smaller shares bins.
    private static let leastScale = -1000

    /// The logarithm of the bins' width.
    public private(set) var scale: Int
    /// The number of the first bin.
    public private(set) var first: Int64 = 0
    /// How many values lie in each bin; neither the first nor the last is empty.
    public private(set) var counts: [Int64] = []
    /// 2^-scale.
    private var factor: Double = 1

    /// Starts with no values of whole numbers.
    public static func ofIntegers() -> AlignedHistogram { AlignedHistogram(scale: 0) }

    /// Starts with no values of doubles.
    public static func ofDoubles() -> AlignedHistogram { AlignedHistogram(scale: leastScale) }

    private init(scale: Int) {
        self.scale = scale
        factor = Double(sign: .plus, exponent: -scale, significand: 1)
    }

    /// How many values there are.
    public var total: Int64 { counts.reduce(0, +) }

    /// Adds a whole number; only for a histogram of those.
    public mutating func add(_ value: Int64) {
        add(bin: value >> Int64(scale), count: 1)
    }

    /// Adds a finite double; only for a histogram of those.
    public mutating func add(_ value: Double) {
        let needed = value == 0 ? scale : Int(value.exponent) - Self.precision
        if needed > scale { coarsen(to: needed) }
        add(bin: bin(of: value), count: 1)
    }

    /// Adds all values of `other`, of the same kind of numbers.
    public mutating func merge(_ other: AlignedHistogram) {
        if other.counts.isEmpty { return }
        if counts.isEmpty {
            self = other
            return
        }
        var other = other
        let common = max(scale, other.scale)
        coarsen(to: common)
        other.coarsen(to: common)
        while !fits(other.first, other.last) {
            coarsen(to: scale + 1)
            other.coarsen(to: scale)
        }
        for (index, count) in other.counts.enumerated() where count > 0 {
            add(bin: other.first + Int64(index), count: count)
        }
    }

    /// The same values in bins of 2^`scale`, no narrower than they are.
    public func coarsened(to scale: Int) -> AlignedHistogram {
        var copy = self
        copy.coarsen(to: scale)
        return copy
    }

    private var last: Int64 { first + (Int64(counts.count) - 1) }

    private func bin(of value: Double) -> Int64 {
        let scaled = value * factor
        let whole = Int64(scaled)
        // Rounded toward zero so far; a product that vanished has lost its sign.
        return value < 0 && (Double(whole) > scaled || scaled == 0) ? whole - 1 : whole
    }

    /// Whether the bins reach from `low` to `high` too without being too many.
    private func fits(_ low: Int64, _ high: Int64) -> Bool {
        let distance = max(last, high).subtractingReportingOverflow(min(first, low))
        return !distance.overflow && distance.partialValue < Int64(Self.capacity)
    }

    private mutating func add(bin: Int64, count: Int64) {
        let place = bin &- first
        if place >= 0, place < Int64(counts.count) {
            counts[Int(place)] += count
            return
        }
        addOutside(bin, count)
    }

    private mutating func addOutside(_ bin: Int64, _ count: Int64) {
        if counts.isEmpty {
            (first, counts) = (bin, [count])
            return
        }
        var bin = bin
        while !fits(bin, bin) {
            coarsen(to: scale + 1)
            bin >>= 1
        }
        if bin < first {
            counts.insert(contentsOf: [Int64](repeating: 0, count: Int(first - bin)), at: 0)
            first = bin
        } else if bin > last {
            counts.append(contentsOf: [Int64](repeating: 0, count: Int(bin - last)))
        }
        counts[Int(bin - first)] += count
    }

    private mutating func coarsen(to scale: Int) {
        let steps = scale - self.scale
        if steps <= 0 { return }
        self.scale = scale
        factor = Double(sign: .plus, exponent: -scale, significand: 1)
        guard let greatest = counts.indices.last else { return }
        let shift = Int64(min(steps, 63))
        let start = first >> shift
        var joined = [Int64](
            repeating: 0, count: Int((first + Int64(greatest)) >> shift - start) + 1)
        for (index, count) in counts.enumerated() {
            joined[Int((first + Int64(index)) >> shift - start)] += count
        }
        (first, counts) = (start, joined)
    }
}

// The bytes: the scale, the first bin, how many bins there are and the count of each.
extension AlignedHistogram {
    func encode(into writer: inout StateWriter) {
        writer.write(signed: Int64(scale))
        writer.write(signed: first)
        writer.write(UInt64(counts.count))
        for count in counts { writer.write(UInt64(count)) }
    }

    init(from reader: inout StateReader) throws(AggregateError) {
        let scale = try reader.readSigned()
        guard (Int64(Self.leastScale)...1023).contains(scale) else {
            throw reader.corrupt("a histogram has bins of 2^\(scale)")
        }
        self.init(scale: Int(scale))
        first = try reader.readSigned()
        let count = try reader.readCount(limit: Self.capacity)
        guard !first.addingReportingOverflow(Int64(max(count, 1)) - 1).overflow else {
            throw reader.corrupt("a bin is out of range")
        }
        for _ in 0..<count { counts.append(Int64(try reader.readCount())) }
        guard counts.first != 0, counts.last != 0 else {
            throw reader.corrupt("a histogram begins or ends with nothing")
        }
    }
}
