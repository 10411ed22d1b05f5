/// How many values fell into each bin.
package struct HistogramCounts: Sendable {
    package private(set) var counts: [Int64]

    package init(bins: Int) { counts = Array(repeating: 0, count: bins) }

    /// Whether no value fell into any bin.
    package var isEmpty: Bool { counts.allSatisfy { $0 == 0 } }

    package mutating func reset() {
        for bin in counts.indices { counts[bin] = 0 }
    }

    package mutating func add(_ bin: Int) { counts[bin] &+= 1 }

    package mutating func remove(_ bin: Int) { counts[bin] &-= 1 }

    /// Adds the counts of `other`, which must have as many bins.
    mutating func merge(_ other: HistogramCounts) {
        for bin in counts.indices { counts[bin] &+= other.counts[bin] }
    }

    /// Takes the counts of `other` away.
    mutating func subtract(_ other: HistogramCounts) {
        for bin in counts.indices { counts[bin] &-= other.counts[bin] }
    }

    /// Writes the count of each bin.
    func encode(into writer: inout StateWriter) {
        for count in counts { writer.write(UInt64(bitPattern: count)) }
    }

    /// Reads what `encode` wrote.
    init(bins: Int, from reader: inout StateReader) throws(AggregateError) {
        counts = []
        for _ in 0..<bins { counts.append(try reader.readRowCount()) }
    }
}
