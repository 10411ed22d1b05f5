import Columns

extension RawStatistics {
    /// How long the bounds of byte strings may be; longer ones are left out.
    private static let longestBound = 64

    /// The bounds of a column without nulls in their stored form.
    ///
    /// Rules of the format: NaN is passed over; a minimum of 0 is written as -0 and a maximum as
    /// +0, because readers that do not tell them apart would else skip rows; byte strings compare
    /// unsigned.
    init(of column: Column) {
        guard column.count > 0 else { return }
        switch column.storage {
        case .none, .list: break
        case .bits(let bits):
            let ones = bits.onesCount
            minimum = [ones == bits.count ? 1 : 0]
            maximum = [ones > 0 ? 1 : 0]
        case .int32(let values): setBounds(values) { littleEndian($0) }
        case .int64(let values): setBounds(values) { littleEndian($0) }
        case .float(let values):
            guard let (low, high) = bounds(values) else { return }
            minimum = littleEndian((low == 0 ? -0.0 : low).bitPattern)
            maximum = littleEndian((high == 0 ? 0.0 : high).bitPattern)
        case .double(let values):
            guard let (low, high) = bounds(values) else { return }
            minimum = littleEndian((low == 0 ? -0.0 : low).bitPattern)
            maximum = littleEndian((high == 0 ? 0.0 : high).bitPattern)
        case .int128(let values): setBounds(values, bigEndian)
        case .bytes(let values): setBounds(values)
        }
    }

    private mutating func setBounds<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ values: FixedValues<Value>, _ encode: (Value) -> [UInt8]
    ) {
        guard let (low, high) = bounds(values) else { return }
        minimum = encode(low)
        maximum = encode(high)
    }

    private mutating func setBounds(_ values: BytesValues) {
        var (low, high) = (0, 0)
        for row in 1..<max(values.count, 1) {
            if values.compare(row, with: values, low) < 0 {
                low = row
            } else if values.compare(row, with: values, high) > 0 {
                high = row
            }
        }
        let longest = max(values.range(at: low).count, values.range(at: high).count)
        guard longest <= Self.longestBound else { return }
        minimum = values.array(at: low)
        maximum = values.array(at: high)
    }
}

/// The least and the greatest value that equals itself; nil when there is none.
private func bounds<Value: Comparable & BitwiseCopyable & Sendable>(
    _ values: FixedValues<Value>
) -> (Value, Value)? {
    unsafe values.withUnsafeBufferPointer { values in
        guard let first = unsafe values.first(where: { $0 == $0 }) else { return nil }
        var (low, high) = (first, first)
        for index in values.indices {
            let value = unsafe values[index]
            low = value < low ? value : low
            high = value > high ? value : high
        }
        return (low, high)
    }
}
