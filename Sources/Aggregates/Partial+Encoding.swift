import Values

// Version 1 of the bytes of a state:
//
//   version, function (and its length), type of the values, then by state
//   count          the count
//   sum of int     count, sum
//   sum, mean      count, exact sum
//   variance       count, exact sum, exact sum of squares
//   min, max       0, or 1 and the value
//   first, last    number of rows; of each event time, known-at, value; the oldest first
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
        writer.write(byte: DataType.stateTag(inputType))
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
        let inputType = try DataType.fromStateTag(&reader)
        do {
            try self.init(function, inputType: inputType)
        } catch {
            throw reader.corrupt(error.message)
        }
        try readState(from: &reader)
        try reader.finish()
    }

    private func encodeState(into writer: inout StateWriter) {
        switch state {
        case .count(let count): writer.write(UInt64(bitPattern: count.value))
        case .integerSum(let sum):
            writer.write(UInt64(bitPattern: sum.count))
            writer.write(signed: sum.sum)
        case .sum(let sum):
            writer.write(UInt64(bitPattern: sum.count))
            sum.sum.encode(into: &writer)
        case .mean(let mean):
            writer.write(UInt64(bitPattern: mean.count))
            mean.sum.encode(into: &writer)
        case .moments(let moments):
            writer.write(UInt64(bitPattern: moments.count))
            moments.sum.encode(into: &writer)
            moments.squares.encode(into: &writer)
        case .extreme(let value):
            value.encodeOptional(into: &writer)
        case .rows(let kept):
            writer.write(UInt64(kept.rows.count))
            for row in kept.rows { row.encode(into: &writer) { $0.encode(into: &$1) } }
        }
    }

    private mutating func readState(from reader: inout StateReader) throws(AggregateError) {
        switch state {
        case .count: state = .count(RunningCount(try reader.readRowCount()))
        case .integerSum(let sum): state = .integerSum(try sum.read(from: &reader))
        case .sum(let sum): state = .sum(try sum.read(from: &reader))
        case .mean(let mean): state = .mean(try mean.read(from: &reader, isInteger: isInteger))
        case .moments: state = .moments(try RunningMoments(from: &reader, isInteger: isInteger))
        case .extreme: state = .extreme(try Scalar(optionalFrom: &reader, type: inputType))
        case .rows(let kept): state = .rows(try readRows(of: kept, from: &reader))
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

extension AggregateFunction {
    private static let tags: [AggregateFunction] = [
        .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last,
    ]

    func encode(into writer: inout StateWriter) {
        switch self {
        case .firstValues(let length):
            writer.write(byte: 10)
            writer.write(UInt64(length))
        case .lastValues(let length):
            writer.write(byte: 11)
            writer.write(UInt64(length))
        default: writer.write(byte: UInt8(1 + (Self.tags.firstIndex(of: self) ?? 0)))
        }
    }

    init(from reader: inout StateReader) throws(AggregateError) {
        let tag = Int(try reader.readByte())
        if Self.tags.indices.contains(tag - 1) {
            self = Self.tags[tag - 1]
            return
        }
        guard tag == 10 || tag == 11 else { throw reader.corrupt("there is no aggregate \(tag)") }
        let length = try reader.readCount(limit: Self.greatestListLength)
        guard length > 0 else { throw reader.corrupt("a list of length 0") }
        self = tag == 10 ? .firstValues(length) : .lastValues(length)
    }
}
