public import Values

/// What a writer says about the values of one column of one row group.
public struct ColumnStatistics: Hashable, Sendable {
    /// How many values are null; nil when unknown.
    public let nullCount: Int?
    /// A value that none is less than (in value order, NaN apart); nil when unknown.
    public let minimum: Scalar?
    /// A value that none is greater than (NaN apart); nil when unknown.
    public let maximum: Scalar?
}

extension ColumnStatistics {
    init(_ raw: RawStatistics, of leaf: Leaf) {
        nullCount = raw.nullCount
        // The deprecated bounds were compared as signed, so that they hold for numbers only.
        let isSigned =
            leaf.physical != .byteArray && leaf.physical != .fixedLengthByteArray
            && leaf.conversion != .widenUnsigned && leaf.conversion != .checkUnsigned
        let low = raw.minimum ?? (isSigned ? raw.deprecatedMinimum : nil)
        let high = raw.maximum ?? (isSigned ? raw.deprecatedMaximum : nil)
        minimum = low.flatMap { leaf.scalar(fromBound: $0) }
        maximum = high.flatMap { leaf.scalar(fromBound: $0) }
    }
}

extension Leaf {
    /// A stored bound as a value; nil when it says nothing: NaN, or another length than its type's.
    fileprivate func scalar(fromBound bytes: [UInt8]) -> Scalar? {
        let bits =
            bytes.count <= 8 ? bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : 0
        if case .decimal(_, let scale) = type { return decimal(fromBound: bytes, scale: scale) }
        switch (physical, bytes.count) {
        case (.boolean, 1): return .bool(bits & 1 == 1)
        case (.int32, 4): return scalar(of: Int32(truncatingIfNeeded: bits))
        case (.int64, 8): return scalar(of: Int64(bitPattern: bits))
        case (.float, 4):
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            return value.isNaN ? nil : .double(Double(value) + 0)
        case (.double, 8):
            let value = Double(bitPattern: bits)
            return value.isNaN ? nil : .double(value + 0)
        case (.byteArray, _):
            if type == .bytes { return .bytes(bytes) }
            // A writer may cut a bound inside a character.
            return String(validating: bytes, as: UTF8.self).map { .string($0) }
        case (.fixedLengthByteArray, _): return .bytes(bytes)
        default: return nil
        }
    }

    private func decimal(fromBound bytes: [UInt8], scale: Int) -> Scalar? {
        let ordered: [UInt8]
        switch (physical, bytes.count) {
        case (.int32, 4), (.int64, 8): ordered = bytes.reversed()
        case (.byteArray, 1...), (.fixedLengthByteArray, 1...): ordered = bytes
        default: return nil
        }
        return Int128(bigEndianBytes: ordered).map {
            .decimal(Decimal128(unscaled: $0, scale: scale))
        }
    }

    private func scalar(of value: Int32) -> Scalar {
        switch (type, conversion) {
        case (.date, _): .date(value)
        case (_, .widenUnsigned): .integer(Int64(UInt32(bitPattern: value)))
        default: .integer(Int64(value))
        }
    }

    private func scalar(of value: Int64) -> Scalar? {
        switch conversion {
        case .checkUnsigned: return value < 0 ? nil : .integer(value)
        case .milliseconds:
            let (product, overflow) = value.multipliedReportingOverflow(by: 1_000)
            return overflow ? nil : .timestamp(EventTime(microseconds: product))
        case .nanoseconds: return .timestamp(EventTime(microseconds: floorDivide(value, by: 1_000)))
        default:
            return type == .timestamp
                ? .timestamp(EventTime(microseconds: value)) : .integer(value)
        }
    }
}
