import Columns
import Values

// Decimals are stored as the format's notes on compatibility ask: in 4 bytes up to 9 digits, in 8
// bytes up to 18, and beyond as 16 bytes, big-endian.

extension PhysicalType {
    /// How decimals of `precision` digits are written.
    init(ofDecimalsWith precision: Int) {
        self = precision <= 9 ? .int32 : precision <= 18 ? .int64 : .fixedLengthByteArray
    }
}

/// The bytes of a decimal that does not fit 8.
let wideDecimalLength = 16

extension Column {
    /// Decimals of up to 18 digits as integers; everything else as it is.
    var inStoredIntegers: Column {
        guard case .int128(let values) = storage, case .decimal(let precision, _) = type else {
            return self
        }
        switch PhysicalType(ofDecimalsWith: precision) {
        case .int32:
            return with(.int32, .int32(values.narrowed()))
        case .int64:
            return with(.int64, .int64(values.narrowed()))
        default: return self
        }
    }

    private func with(_ type: DataType, _ storage: Storage) -> Column {
        Column(type: type, count: count, storage: storage, validity: validity)
    }
}

extension FixedValues<Int128> {
    /// What is arbitrary at a null row may be cut.
    fileprivate func narrowed<Narrow: FixedWidthInteger & BitwiseCopyable & Sendable>()
        -> FixedValues<Narrow>
    {
        var builder = FixedValuesBuilder<Narrow>(capacity: count)
        for row in 0..<count { builder.append(Narrow(truncatingIfNeeded: self[row])) }
        return builder.finish()
    }
}

/// The 16 bytes of a decimal, most significant first.
func bigEndian(_ value: Int128) -> [UInt8] {
    unsafe withUnsafeBytes(of: value.bigEndian) { bytes in unsafe Array(bytes) }
}
