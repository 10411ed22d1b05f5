import Values

// Version 1 of the bytes of a state:
//
//   version, function (and its constant), type of the values, then by state
//   count          the count
//   sum of int     count, sum
//   decimals       sum and mean: count, the upper 192 bits of the sum, the lower 64
//   sum, mean      count, exact sum
//   variance       count, exact sum, exact sum of squares
//   min, max       0, or 1 and the value
//   first, last    number of rows; of each event time, known-at, value; the oldest first
//   others         as their own files say: DistinctSketch, SmallestHashes, QuantileSketch,
//                  GreatestValues, HistogramCounts, DecayedSums
//
// Bytes that no multiset of rows gives are refused when they are read.

extension Partial {
    /// The version of the encoding.
    static let encodingVersion: UInt8 = 1

    /// The canonical bytes of the state.
    public var encoded: [UInt8] {
        var writer = StateWriter()
        writer.write(byte: Self.encodingVersion)
        function.encode(into: &writer)
        DataType.encode(inputType, into: &writer)
        encodeState(into: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` gives.
    ///
    /// - Throws: `corruptState` for anything else.
    public init(encoded bytes: [UInt8]) throws(AggregateError) {
        var reader = StateReader(bytes)
        guard try reader.readByte() == Self.encodingVersion else {
            throw reader.corrupt("the version of the state is unknown")
        }
        let function = try AggregateFunction(from: &reader)
        let inputType = try DataType.decode(from: &reader)
        do {
            try self.init(function, inputType: inputType)
        } catch {
            throw reader.corrupt(error.message)
        }
        try readState(from: &reader)
        try reader.finish()
    }

    /// Writes the state alone, for who knows the function and the type.
    package func encodeState(into writer: inout StateWriter) {
        switch state {
        case .count(let count): writer.write(UInt64(bitPattern: count.value))
        case .integerSum(let sum):
            writer.write(UInt64(bitPattern: sum.value.count))
            writer.write(signed: sum.value.sum)
        case .decimalSum(let sum): sum.value.encode(into: &writer)
        case .sum(let sum):
            writer.write(UInt64(bitPattern: sum.value.count))
            sum.value.sum.encode(into: &writer)
        case .moments(let moments):
            writer.write(UInt64(bitPattern: moments.value.count))
            moments.value.sum.encode(into: &writer)
            moments.value.squares.encode(into: &writer)
        case .extreme(let value):
            value.encodeOptional(into: &writer)
        case .rows(let kept):
            writer.write(UInt64(kept.rows.count))
            for row in kept.rows { row.encode(into: &writer) { $0.encode(into: &$1) } }
        case .distinct(let sketch): sketch.value.encode(into: &writer)
        case .smallest(let hashes): hashes.value.encode(into: &writer)
        case .quantiles(let sketch): sketch.value.encode(into: &writer)
        case .greatest(let values): values.value.encode(into: &writer)
        case .histogram(let counts): counts.value.encode(into: &writer)
        case .decayed(let sums): sums.value.encode(into: &writer)
        }
    }

    /// Reads what `encodeState` wrote of the same function and type.
    package mutating func readState(from reader: inout StateReader) throws(AggregateError) {
        switch state {
        case .count: state = .count(RunningCount(try reader.readRowCount()))
        case .integerSum: state = .integerSum(Boxed(try RunningIntegerSum(from: &reader)))
        case .decimalSum:
            state = .decimalSum(
                Boxed(try RunningDecimalSum(from: &reader, precision: inputType?.precision ?? 0)))
        case .sum: state = .sum(Boxed(try RunningSum(from: &reader, isInteger: isInteger)))
        case .moments:
            state = .moments(Boxed(try RunningMoments(from: &reader, isInteger: isInteger)))
        case .extreme: state = .extreme(try Scalar(optionalFrom: &reader, type: inputType))
        case .rows(let kept): state = .rows(try readRows(of: kept, from: &reader))
        case .distinct: state = .distinct(Boxed(try DistinctSketch(from: &reader)))
        case .smallest(let empty):
            let capacity = empty.value.capacity
            state = .smallest(Boxed(try SmallestHashes(capacity: capacity, from: &reader)))
        case .quantiles: state = .quantiles(Boxed(try QuantileSketch(from: &reader)))
        case .greatest(let empty):
            let capacity = empty.value.capacity
            let values = try GreatestValues(capacity: capacity, type: inputType, from: &reader)
            state = .greatest(Boxed(values))
        case .histogram(let empty):
            let bins = empty.value.counts.count
            state = .histogram(Boxed(try HistogramCounts(bins: bins, from: &reader)))
        case .decayed(let empty):
            let halfLife = empty.value.halfLife
            state = .decayed(Boxed(try DecayedSums(halfLife: halfLife, from: &reader)))
        }
    }

    private func readRows(
        of kept: RankedRows, from reader: inout StateReader
    ) throws(AggregateError) -> RankedRows {
        let count = try reader.readCount(limit: kept.capacity)
        return try kept.read(count: count, from: &reader) { reader throws(AggregateError) in
            try Scalar(from: &reader, type: inputType)
        }
    }

    private var isInteger: Bool { inputType?.isInteger ?? false }
}
