import Values

extension AggregateFunction {
    /// The byte that stands for the function; part of the format.
    private var tag: UInt8 {
        switch self {
        case .count: 1
        case .sum: 2
        case .mean: 3
        case .variance: 4
        case .stddev: 5
        case .min: 6
        case .max: 7
        case .first: 8
        case .last: 9
        case .firstValues: 10
        case .lastValues: 11
        case .distinct: 12
        case .distinctExact: 13
        case .quantile: 14
        case .top: 15
        case .histogram: 16
        case .decayedSum: 17
        }
    }

    /// Writes the tag, and the constant if there is one.
    func encode(into writer: inout StateWriter) {
        writer.write(byte: tag)
        switch self {
        case .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last, .distinct: break
        case .firstValues(let length), .lastValues(let length), .top(let length):
            writer.write(UInt64(length))
        case .distinctExact(let cap): writer.write(UInt64(cap))
        case .quantile(let quantile): writer.write(UInt64(quantile.millionths))
        case .histogram(let edges):
            writer.write(UInt64(edges.values.count))
            for edge in edges.values { writer.write(fixed: edge.bitPattern) }
        case .decayedSum(let halfLife): writer.write(UInt64(halfLife.microseconds))
        }
    }

    /// Reads what `encode` wrote.
    init(from reader: inout StateReader) throws(AggregateError) {
        switch try reader.readByte() {
        case 1: self = .count
        case 2: self = .sum
        case 3: self = .mean
        case 4: self = .variance
        case 5: self = .stddev
        case 6: self = .min
        case 7: self = .max
        case 8: self = .first
        case 9: self = .last
        case 10: self = .firstValues(try reader.readPositive(upTo: Self.greatestListLength))
        case 11: self = .lastValues(try reader.readPositive(upTo: Self.greatestListLength))
        case 12: self = .distinct
        case 13: self = .distinctExact(cap: try reader.readPositive(upTo: Self.greatestCap))
        case 14: self = .quantile(try reader.readQuantile())
        case 15: self = .top(try reader.readPositive(upTo: Self.greatestListLength))
        case 16: self = .histogram(try reader.readEdges())
        case 17: self = .decayedSum(halfLife: try reader.readHalfLife())
        case let tag: throw reader.corrupt("there is no aggregate \(tag)")
        }
    }
}

extension StateReader {
    fileprivate mutating func readPositive(upTo limit: Int) throws(AggregateError) -> Int {
        let count = try readCount(limit: limit)
        guard count > 0 else { throw corrupt("a constant of an aggregate is 0") }
        return count
    }

    fileprivate mutating func readQuantile() throws(AggregateError) -> Quantile {
        guard let quantile = Quantile(millionths: try readCount(limit: 1_000_000)) else {
            throw corrupt("a share is out of range")
        }
        return quantile
    }

    fileprivate mutating func readEdges() throws(AggregateError) -> HistogramEdges {
        var values: [Double] = []
        for _ in 0..<(try readCount(limit: HistogramEdges.greatestCount)) {
            values.append(Double(bitPattern: try readFixed()))
        }
        guard let edges = HistogramEdges(values) else { throw corrupt("edges are out of order") }
        return edges
    }

    fileprivate mutating func readHalfLife() throws(AggregateError) -> EventDuration {
        EventDuration(microseconds: Int64(try readPositive(upTo: .max)))
    }
}
