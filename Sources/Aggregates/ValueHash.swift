package import Values

// What distinct values are told apart by: XXH64 with seed 0 of a value's bytes. Bool, integers,
// dates and timestamps are 8 bytes, two's complement, the lowest first; floating-point numbers the
// bits of the canonical double; text its UTF-8; bytes are themselves; decimals, without zeros at
// their end, 16 bytes of digits and one of scale. So an int32 and an int64 column of the same
// numbers have the same hashes, and widening a column changes nothing. The hashes are kept in
// states that outlive a process: they never change.

extension Scalar {
    /// The hash of a value that is neither null nor a list.
    package var valueHash: UInt64 {
        switch self {
        case .bool(let value): hash64(ofWord: value ? 1 : 0)
        case .integer(let value): hash64(ofWord: UInt64(bitPattern: value))
        case .double(let value): hash64(ofWord: value.canonical.bitPattern)
        case .string(let value): hash64(Array(value.utf8))
        case .bytes(let value): hash64(value)
        case .timestamp(let value): hash64(ofWord: UInt64(bitPattern: value.microseconds))
        case .date(let value): hash64(ofWord: UInt64(bitPattern: Int64(value)))
        case .decimal(let value): value.valueHash
        case .null, .duration, .list: preconditionFailure("the value has no hash")
        }
    }
}

extension Decimal128 {
    /// The hash of the number, whatever its scale is.
    package var valueHash: UInt64 {
        var (digits, places) = (unscaled, scale)
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: digits >> Int128(8 * $0)) }
        return hash64(bytes + [UInt8(places)])
    }
}
