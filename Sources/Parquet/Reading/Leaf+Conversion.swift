import Columns
import Values

extension Leaf.Conversion {
    /// The rows of `storage` after the conversion; the rows that are null hold 0.
    func apply(to storage: Column.Storage) throws(ParquetError) -> Column.Storage {
        switch (self, storage) {
        case (.none, _): return storage
        case (.widenUnsigned, .int32(let values)):
            return .int64(values.mapped { Int64(UInt32(bitPattern: $0)) })
        case (.checkUnsigned, .int64(let values)):
            let isTooGreat = values.contains { $0 < 0 }
            guard !isTooGreat else {
                throw .unsupported("an unsigned value above \(Int64.max); write it as another type")
            }
            return storage
        case (.milliseconds, .int64(let values)):
            let limit = Int64.max / 1_000
            let isOutside = values.contains { $0 > limit || $0 < -limit }
            guard !isOutside else {
                throw .unsupported("a time beyond what microseconds in 64 bits can hold")
            }
            return .int64(values.mapped { $0 &* 1_000 })
        case (.nanoseconds, .int64(let values)):
            return .int64(values.mapped { floorDivide($0, by: 1_000) })
        case (.decimal(let precision), .int32(let values)):
            return try decimals(values.mapped { Int128($0) }, precision)
        case (.decimal(let precision), .int64(let values)):
            return try decimals(values.mapped { Int128($0) }, precision)
        case (.decimal(let precision), .bytes(let values)):
            return try decimals(integers(ofBigEndian: values), precision)
        default: throw .corrupt("values of another physical type than the column's")
        }
    }
}

/// The numbers, none with more digits than its type has.
private func decimals(
    _ values: FixedValues<Int128>, _ precision: Int
) throws(ParquetError) -> Column.Storage {
    let isTooGreat = values.contains { !Decimal128.fits($0, precision: precision) }
    guard !isTooGreat else { throw .corrupt("a decimal has more than \(precision) digits") }
    return .int128(values)
}

/// Two's complement of any length, most significant byte first; no bytes are 0, as nulls have.
private func integers(
    ofBigEndian values: BytesValues
) throws(ParquetError) -> FixedValues<Int128> {
    var result = FixedValuesBuilder<Int128>(capacity: values.count)
    for row in 0..<values.count {
        let value = unsafe values.withBytes(at: row) { unsafe Int128(bigEndianBytes: $0) }
        guard let value else { throw .corrupt("a decimal of more than 128 bits") }
        result.append(value)
    }
    return result.finish()
}

extension Int128 {
    /// Two's complement of any length; nil when it does not fit.
    init?(bigEndianBytes bytes: some Collection<UInt8>) {
        let isNegative = (bytes.first ?? 0) >= 0x80
        var value: Int128 = isNegative ? -1 : 0
        for byte in bytes {
            guard value >> 119 == (isNegative ? -1 : 0) else { return nil }
            value = value << 8 | Int128(byte)
        }
        self = value
    }
}

extension FixedValues {
    fileprivate func mapped<Other: BitwiseCopyable & Sendable>(
        _ transform: (Element) -> Other
    ) -> FixedValues<Other> {
        var result = GrowingValues<Other>(capacity: count)
        let target = unsafe result.tail(count)
        unsafe withUnsafeBufferPointer { source in
            for index in source.indices { unsafe target[index] = transform(source[index]) }
        }
        result.commit(count)
        return result.finish()
    }

    fileprivate func contains(_ predicate: (Element) -> Bool) -> Bool {
        unsafe withUnsafeBufferPointer { source in unsafe source.contains(where: predicate) }
    }
}
