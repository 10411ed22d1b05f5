public import Values

/// The state of an `exact max_events N` window: the newest N rows, from which the aggregate is
/// computed when it is asked.
///
/// Nulls are rows too. Which rows stay depends on the rows alone, in the order of event time,
/// known-at and value, so that any order and any split gives the same bytes.
public struct NewestRows: Sendable {
    /// What is computed of the rows.
    public let function: AggregateFunction
    /// The type of the values; nil for `count()`, whose rows have the value null.
    public let inputType: DataType?
    /// How many rows have been folded, kept or not.
    public private(set) var total: Int64 = 0
    private var kept: RankedRows

    /// Starts with no rows; `capacity` must be positive.
    ///
    /// - Throws: `unsuitableArgument` when `function` does not take values of type `inputType`.
    public init(
        _ function: AggregateFunction, inputType: DataType?, capacity: Int
    ) throws(AggregateError) {
        precondition(capacity > 0, "a window keeps at least one row")
        _ = try function.resultType(of: inputType)
        self.function = function
        self.inputType = inputType
        kept = RankedRows(keeping: .newest, capacity: capacity)
    }

    /// The N of the window.
    public var capacity: Int { kept.capacity }

    /// The rows it keeps, oldest first.
    public var rows: [RankedValue] { kept.rows }

    /// Whether rows were lost, which is counted for each key.
    public var hasOverflowed: Bool { total > Int64(capacity) }

    /// Adds a row. Complexity: O(N).
    public mutating func fold(value: Scalar, eventTime: EventTime, knownAt: EventTime) {
        total &+= 1
        kept.fold(RankedValue(eventTime: eventTime, knownAt: knownAt, value: value.canonical))
    }

    /// Adds all rows of `other`, which must be of the same function, type and capacity.
    /// Complexity: O(N).
    public mutating func merge(_ other: NewestRows) {
        precondition(
            function == other.function && inputType == other.inputType
                && capacity == other.capacity, "states of different aggregates do not merge")
        total &+= other.total
        kept.merge(other.kept)
    }

    /// The aggregate of the rows it keeps. Complexity: O(N).
    public func partial() throws(AggregateError) -> Partial {
        var partial = try Partial(function, inputType: inputType)
        for row in kept.rows {
            partial.fold(value: row.value, eventTime: row.eventTime, knownAt: row.knownAt)
        }
        return partial
    }
}

extension NewestRows: Hashable {
    /// Whether both have the same bytes.
    public static func == (left: NewestRows, right: NewestRows) -> Bool {
        left.encoded == right.encoded
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(encoded)
    }
}

// Version 1 of the bytes: version, function (and its length), type of the values, capacity, rows
// folded, rows kept; of each event time, known-at, and 0 or 1 and the value.
extension NewestRows {
    /// The version of the encoding.
    static let encodingVersion: UInt8 = 1

    /// The canonical bytes of the state.
    public var encoded: [UInt8] {
        var writer = StateWriter()
        writer.write(byte: Self.encodingVersion)
        function.encode(into: &writer)
        DataType.encode(inputType, into: &writer)
        writer.write(UInt64(capacity))
        writer.write(UInt64(bitPattern: total))
        writer.write(UInt64(kept.rows.count))
        for row in kept.rows { row.encode(into: &writer) { $0.encodeOptional(into: &$1) } }
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
        let capacity = try reader.readCount()
        guard capacity > 0 else { throw reader.corrupt("a window keeps no rows") }
        do {
            try self.init(function, inputType: inputType, capacity: capacity)
        } catch {
            throw reader.corrupt(error.message)
        }
        total = try reader.readRowCount()
        try readRows(from: &reader)
        try reader.finish()
    }

    private mutating func readRows(from reader: inout StateReader) throws(AggregateError) {
        let count = try reader.readCount(limit: capacity)
        guard count == min(total, Int64(capacity)) else {
            throw reader.corrupt("rows are missing")
        }
        kept = try kept.read(count: count, from: &reader) { reader throws(AggregateError) in
            try Scalar(optionalFrom: &reader, type: inputType)
        }
    }
}
