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
        }
    }

    /// Reads what `encodeState` wrote of the same function and type.
    package mutating func readState(from reader: inout StateReader) throws(AggregateError) {
        switch state {
        case .count: state = .count(RunningCount(try reader.readRowCount()))
        case .integerSum: state = .integerSum(Boxed(try RunningIntegerSum(from: &reader)))
        case .sum: state = .sum(Boxed(try RunningSum(from: &reader, isInteger: isInteger)))
        case .moments:
            state = .moments(Boxed(try RunningMoments(from: &reader, isInteger: isInteger)))
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
        }
    }

    func encode(into writer: inout StateWriter) {
        writer.write(byte: tag)
        if let length { writer.write(UInt64(length)) }
    }

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
        case 10: self = .firstValues(try reader.readLength())
        case 11: self = .lastValues(try reader.readLength())
        case let tag: throw reader.corrupt("there is no aggregate \(tag)")
        }
    }
}

extension StateReader {
    fileprivate mutating func readLength() throws(AggregateError) -> Int {
        let length = try readCount(limit: AggregateFunction.greatestListLength)
        guard length > 0 else { throw corrupt("a list of length 0") }
        return length
    }
}
