public import Values

/// Builds a column value by value; for edges, literals and tests, not for hot loops.
public struct ColumnBuilder: ~Copyable {
    /// The type of the column.
    public let type: DataType
    private var values: [Scalar] = []

    /// Starts an empty column of `type`.
    public init(type: DataType) {
        self.type = type
    }

    /// How many values were appended.
    public var count: Int { values.count }

    /// Appends a value, which must be null or of the column's type.
    public mutating func append(_ value: Scalar) { values.append(value) }

    /// The finished column. Traps on a value of another type.
    public consuming func finish() -> Column { Column(type: type, values) }
}

extension Column {
    /// A column of `values`, each null or of the type. Traps on a value of another type.
    public init(type: DataType, _ values: [Scalar]) {
        precondition(
            values.allSatisfy { $0.fits(type) }, "a value of another type than its column")
        var validity = BitmapBuilder(capacity: values.count)
        for value in values { validity.append(value != .null) }
        self.init(
            type: type, count: values.count, storage: Storage(type: type, values),
            validity: validity.finish())
    }

    /// `count` rows that all are null.
    public init(nullsOf type: DataType, count: Int) {
        self.init(type: type, repeating: .null, count: count)
    }

    /// `count` rows that all are `value`.
    public init(type: DataType, repeating value: Scalar, count: Int) {
        self.init(type: type, Array(repeating: value, count: count))
    }

    /// The value at `index`; for edges and tests. Complexity: O(size of the value).
    public func scalar(at index: Int) -> Scalar {
        if isNull(index) { return .null }
        switch (storage, type) {
        case (.none, _): return .null
        case (.bits(let bits), _): return .bool(bits[index])
        case (.int32(let values), .date): return .date(values[index])
        case (.int32(let values), _): return .integer(Int64(values[index]))
        case (.int64(let values), .timestamp):
            return .timestamp(EventTime(microseconds: values[index]))
        case (.int64(let values), .duration):
            return .duration(EventDuration(microseconds: values[index]))
        case (.int64(let values), _): return .integer(values[index])
        case (.float(let values), _): return .double(Double(values[index]))
        case (.double(let values), _): return .double(values[index])
        case (.int128(let values), .decimal(_, let scale)):
            return .decimal(Decimal128(unscaled: values[index], scale: scale))
        case (.int128, _): preconditionFailure("not of this layout")
        case (.bytes(let values), .string): return .string(values.string(at: index))
        case (.bytes(let values), _): return .bytes(values.array(at: index))
        case (.list(let offsets, let elements), _):
            let range = Int(offsets[index])..<Int(offsets[index + 1])
            return .list(range.map { elements.scalar(at: $0) })
        }
    }
}

extension Column.Storage {
    fileprivate init(type: DataType, _ values: [Scalar]) {
        switch type {
        case .null: self = .none
        case .bool:
            var bits = BitmapBuilder(capacity: values.count)
            for value in values { bits.append(value == .bool(true)) }
            self = .bits(bits.finish())
        case .int32, .date: self = .int32(fixed(values) { Int32($0.integerContent) })
        case .int64, .timestamp, .duration: self = .int64(fixed(values) { $0.integerContent })
        case .float: self = .float(fixed(values) { Float($0.doubleContent) })
        case .double: self = .double(fixed(values) { $0.doubleContent })
        case .decimal: self = .int128(fixed(values) { $0.unscaledContent })
        case .string, .bytes:
            var builder = BytesValuesBuilder(capacity: values.count)
            for value in values { builder.append(value.bytesContent) }
            self = .bytes(builder.finish())
        case .list(let element): self = lists(of: element, values)
        case .vector: self = lists(of: .float, values)
        }
    }
}

private func fixed<Element: BitwiseCopyable & Sendable>(
    _ values: [Scalar], _ convert: (Scalar) -> Element
) -> FixedValues<Element> {
    var builder = FixedValuesBuilder<Element>(capacity: values.count)
    for value in values { builder.append(convert(value)) }
    return builder.finish()
}

private func lists(of element: DataType, _ values: [Scalar]) -> Column.Storage {
    var offsets = FixedValuesBuilder<Int32>(capacity: values.count + 1)
    var elements: [Scalar] = []
    offsets.append(0)
    for value in values {
        if case .list(let items) = value { elements += items }
        offsets.append(Int32(elements.count))
    }
    return .list(offsets: offsets.finish(), elements: Column(type: element, elements))
}

extension Scalar {
    /// Whether it is null or a value of `type`.
    fileprivate func fits(_ type: DataType) -> Bool {
        switch (self, type) {
        case (.null, _), (.bool, .bool), (.integer, .int32), (.integer, .int64),
            (.double, .float), (.double, .double), (.string, .string), (.bytes, .bytes),
            (.timestamp, .timestamp), (.date, .date), (.duration, .duration):
            true
        case (.decimal(let number), .decimal(let precision, let scale)):
            number.scale == scale && Decimal128.fits(number.unscaled, precision: precision)
        case (.list(let items), .list(let element)): items.allSatisfy { $0.fits(element) }
        case (.list(let items), .vector(let length)):
            items.count == length && items.allSatisfy { $0 != .null && $0.fits(.float) }
        default: false
        }
    }

    fileprivate var integerContent: Int64 {
        switch self {
        case .null: 0
        case .integer(let value): value
        case .timestamp(let time): time.microseconds
        case .duration(let duration): duration.microseconds
        case .date(let days): Int64(days)
        default: preconditionFailure("not of this layout")
        }
    }

    fileprivate var doubleContent: Double {
        switch self {
        case .null: 0
        case .double(let value): value
        default: preconditionFailure("not of this layout")
        }
    }

    fileprivate var unscaledContent: Int128 {
        switch self {
        case .null: 0
        case .decimal(let number): number.unscaled
        default: preconditionFailure("not of this layout")
        }
    }

    fileprivate var bytesContent: [UInt8] {
        switch self {
        case .null: []
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: preconditionFailure("not of this layout")
        }
    }
}
