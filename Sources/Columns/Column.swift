public import Values

/// A typed column in Arrow layout. Immutable and cheap to copy.
public struct Column: Sendable {
    /// The memory behind a column, by the physical layout of its type.
    public enum Storage: Sendable {
        /// `null`: no memory at all.
        case none
        /// `bool`
        case bits(Bitmap)
        /// `int32`, `date`
        case int32(FixedValues<Int32>)
        /// `int64`, `timestamp`, `duration`
        case int64(FixedValues<Int64>)
        case float(FixedValues<Float>)
        case double(FixedValues<Double>)
        /// `decimal`: the digits without the point.
        case int128(FixedValues<Int128>)
        /// `string`, `bytes`
        case bytes(BytesValues)
        /// `list`, `vector`: `count + 1` offsets into the elements. A row of a vector that is not
        /// null has as many as the type says, and no element is null.
        indirect case list(offsets: FixedValues<Int32>, elements: Column)
    }

    /// The type of the values.
    public let type: DataType
    /// How many rows there are.
    public let count: Int
    /// The values; the content at a null row is arbitrary but initialised.
    public let storage: Storage
    /// A set bit marks a value, a clear one a null; nil when there are no nulls.
    public let validity: Bitmap?
    /// How many rows are null.
    public let nullCount: Int

    /// Puts a column together; `storage` must be the layout of `type` with `count` rows.
    ///
    /// A validity without a clear bit is dropped.
    public init(type: DataType, count: Int, storage: Storage, validity: Bitmap? = nil) {
        precondition(storage.fits(type) && storage.count ?? count == count)
        precondition(validity?.count ?? count == count)
        let nullCount = validity.map { count - $0.onesCount } ?? 0
        self.type = type
        self.count = count
        self.storage = storage
        self.nullCount = type == .null ? count : nullCount
        self.validity = nullCount == 0 ? nil : validity
    }

    /// Whether row `index` is null. Complexity: O(1).
    @inlinable
    public func isNull(_ index: Int) -> Bool {
        if nullCount == 0 { return false }
        if let validity { return !validity[index] }
        return true
    }
}

extension Column.Storage {
    /// How many rows it holds; nil when it has no memory and so any number.
    public var count: Int? {
        switch self {
        case .none: nil
        case .bits(let bits): bits.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .float(let values): values.count
        case .double(let values): values.count
        case .int128(let values): values.count
        case .bytes(let values): values.count
        case .list(let offsets, _): offsets.count - 1
        }
    }

    /// Whether it is the layout of `type`.
    public func fits(_ type: DataType) -> Bool {
        switch (self, type) {
        case (.none, .null), (.bits, .bool), (.int32, .int32), (.int32, .date),
            (.int64, .int64), (.int64, .timestamp), (.int64, .duration), (.float, .float),
            (.double, .double), (.int128, .decimal), (.bytes, .string), (.bytes, .bytes):
            true
        case (.list(_, let elements), .list(let element)): elements.type == element
        case (.list(_, let elements), .vector):
            elements.type == .float && elements.nullCount == 0
        default: false
        }
    }
}
