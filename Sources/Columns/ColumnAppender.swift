public import Values

/// A column that grows value by value, for loops that meet many columns row by row: values of flat
/// types go straight to where they stay, without a scalar in between.
public struct ColumnAppender: Sendable {
    /// Which values a column takes, and how.
    public enum Kind: Sendable {
        case bool, int32, int64, date, timestamp, float, double, string, bytes
        /// Values of any other type, as scalars.
        case other
    }

    /// The type of the column.
    public let type: DataType
    /// Decides which `append` takes values.
    public let kind: Kind
    /// How many values were appended.
    public private(set) var count = 0
    private var nulls: [Int] = []
    private var integers: [Int64] = []
    private var doubles: [Double] = []
    private var ends: [Int32] = []
    private var bytes: [UInt8] = []
    private var scalars: [Scalar] = []

    /// Starts an empty column of `type` with room for `capacity` values.
    public init(type: DataType, capacity: Int) {
        self.type = type
        kind = Kind(type)
        switch kind {
        case .bool, .int32, .int64, .date, .timestamp: integers.reserveCapacity(capacity)
        case .float, .double: doubles.reserveCapacity(capacity)
        case .string, .bytes: ends.reserveCapacity(capacity)
        case .other: scalars.reserveCapacity(capacity)
        }
    }

    /// Appends a null.
    public mutating func appendNull() {
        nulls.append(count)
        switch kind {
        case .bool, .int32, .int64, .date, .timestamp: integers.append(0)
        case .float, .double: doubles.append(0)
        case .string, .bytes: ends.append(Int32(bytes.count))
        case .other: scalars.append(.null)
        }
        count += 1
    }

    /// Appends an integer, a bool as 0 or 1, a date's days or a time's microseconds; for columns
    /// of those kinds.
    public mutating func append(integer value: Int64) {
        integers.append(value)
        count += 1
    }

    /// Appends a number; for columns of `float` and `double`.
    public mutating func append(double value: Double) {
        doubles.append(value)
        count += 1
    }

    /// Appends text or bytes; for columns of `string` and `bytes`.
    public mutating func append(text value: ArraySlice<UInt8>) {
        bytes.append(contentsOf: value)
        ends.append(Int32(bytes.count))
        count += 1
    }

    /// Appends text or bytes; for columns of `string` and `bytes`.
    public mutating func append(text value: UnsafeBufferPointer<UInt8>) {
        unsafe bytes.append(contentsOf: value)
        ends.append(Int32(bytes.count))
        count += 1
    }

    /// Appends a value, which must be null or of the column's type.
    public mutating func append(_ value: Scalar) {
        switch (value, kind) {
        case (_, .other):
            if value == .null { return appendNull() }
            scalars.append(value)
            count += 1
        case (.null, _): appendNull()
        case (.bool(let flag), .bool): append(integer: flag ? 1 : 0)
        case (.integer(let number), .int32), (.integer(let number), .int64):
            append(integer: number)
        case (.date(let days), .date): append(integer: Int64(days))
        case (.timestamp(let time), .timestamp): append(integer: time.microseconds)
        case (.double(let number), .float), (.double(let number), .double):
            append(double: number)
        case (.string(let text), .string): append(text: Array(text.utf8)[...])
        case (.bytes(let bytes), .bytes): append(text: bytes[...])
        default: preconditionFailure("a value of another type than its column")
        }
    }

    /// The finished column. Traps on an integer that its type does not hold.
    public consuming func finish() -> Column {
        if kind == .other { return Column(type: type, scalars) }
        return Column(type: type, count: count, storage: storage(), validity: validity())
    }

    private func validity() -> Bitmap? {
        if nulls.isEmpty { return nil }
        var bits = BitmapBuilder(capacity: count)
        for null in nulls {
            bits.append(true, count: null - bits.count)
            bits.append(false)
        }
        bits.append(true, count: count - bits.count)
        return bits.finish()
    }

    private func storage() -> Column.Storage {
        switch kind {
        case .bool:
            var bits = BitmapBuilder(capacity: count)
            for value in integers { bits.append(value == 1) }
            return .bits(bits.finish())
        case .int32, .date: return .int32(FixedValues(integers.map { Int32($0) }))
        case .int64, .timestamp: return .int64(FixedValues(integers))
        case .float: return .float(FixedValues(doubles.map { Float($0) }))
        case .double: return .double(FixedValues(doubles))
        case .string, .bytes:
            return .bytes(
                BytesValues(offsets: FixedValues([0] + ends), bytes: FixedValues(bytes)))
        case .other: preconditionFailure("scalars are made into a column of their own")
        }
    }
}

extension ColumnAppender.Kind {
    fileprivate init(_ type: DataType) {
        switch type {
        case .bool: self = .bool
        case .int32: self = .int32
        case .int64: self = .int64
        case .date: self = .date
        case .timestamp: self = .timestamp
        case .float: self = .float
        case .double: self = .double
        case .string: self = .string
        case .bytes: self = .bytes
        default: self = .other
        }
    }
}
