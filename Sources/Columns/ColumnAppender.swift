public import Values

/// A column that grows value by value, for loops that meet many columns row by row: values of flat
/// types go straight to where they stay, without a scalar in between.
public struct ColumnAppender: Sendable {
    /// How values of a type are kept until the column is finished.
    public enum Layout: Sendable {
        /// `bool`, `int32`, `int64`, `timestamp`, `date`, `duration`
        case integers
        /// `float`, `double`
        case doubles
        /// `string`, `bytes`
        case texts
        /// All others.
        case scalars
    }

    /// The type of the column.
    public let type: DataType
    /// How values are kept; decides which `append` takes them.
    public let layout: Layout
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
        layout = Layout(type)
        switch layout {
        case .integers: integers.reserveCapacity(capacity)
        case .doubles: doubles.reserveCapacity(capacity)
        case .texts: ends.reserveCapacity(capacity)
        case .scalars: scalars.reserveCapacity(capacity)
        }
    }

    /// Appends a null.
    public mutating func appendNull() {
        nulls.append(count)
        switch layout {
        case .integers: integers.append(0)
        case .doubles: doubles.append(0)
        case .texts: ends.append(Int32(bytes.count))
        case .scalars: scalars.append(.null)
        }
        count += 1
    }

    /// Appends an integer, a bool as 0 or 1, a time's microseconds or a date's days; the layout
    /// must be `integers`.
    public mutating func append(integer value: Int64) {
        integers.append(value)
        count += 1
    }

    /// Appends a number; the layout must be `doubles`.
    public mutating func append(double value: Double) {
        doubles.append(value)
        count += 1
    }

    /// Appends text or bytes; the layout must be `texts`.
    public mutating func append(text value: ArraySlice<UInt8>) {
        bytes.append(contentsOf: value)
        ends.append(Int32(bytes.count))
        count += 1
    }

    /// Appends a value, which must be null or of the column's type.
    public mutating func append(_ value: Scalar) {
        switch (value, layout) {
        case (_, .scalars):
            if value == .null { return appendNull() }
            scalars.append(value)
            count += 1
        case (.null, _): appendNull()
        case (.bool(let flag), .integers): append(integer: flag ? 1 : 0)
        case (.integer(let number), .integers): append(integer: number)
        case (.timestamp(let time), .integers): append(integer: time.microseconds)
        case (.duration(let duration), .integers): append(integer: duration.microseconds)
        case (.date(let days), .integers): append(integer: Int64(days))
        case (.double(let number), .doubles): append(double: number)
        case (.string(let text), .texts): append(text: Array(text.utf8)[...])
        case (.bytes(let bytes), .texts): append(text: bytes[...])
        default: preconditionFailure("a value of another type than its column")
        }
    }

    /// The finished column. Traps on an integer that its type does not hold.
    public consuming func finish() -> Column {
        if layout == .scalars { return Column(type: type, scalars) }
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
        switch type {
        case .bool:
            var bits = BitmapBuilder(capacity: count)
            for value in integers { bits.append(value == 1) }
            return .bits(bits.finish())
        case .int32, .date: return .int32(FixedValues(integers.map { Int32($0) }))
        case .float: return .float(FixedValues(doubles.map { Float($0) }))
        case .double: return .double(FixedValues(doubles))
        case .string, .bytes:
            return .bytes(
                BytesValues(offsets: FixedValues([0] + ends), bytes: FixedValues(bytes)))
        default: return .int64(FixedValues(integers))
        }
    }
}

extension ColumnAppender.Layout {
    fileprivate init(_ type: DataType) {
        switch type {
        case .bool, .int32, .int64, .timestamp, .date, .duration: self = .integers
        case .float, .double: self = .doubles
        case .string, .bytes: self = .texts
        default: self = .scalars
        }
    }
}
