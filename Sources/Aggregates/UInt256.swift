/// An unsigned integer of 256 bits.
struct UInt256 {
    var high: UInt128
    var low: UInt128

    var isZero: Bool { high == 0 && low == 0 }

    /// The number of bits up to the highest one that is set; 0 for zero.
    var bitWidth: Int {
        high == 0 ? 128 - low.leadingZeroBitCount : 256 - high.leadingZeroBitCount
    }

    /// The number of zero bits below the lowest one that is set; 256 for zero.
    var trailingZeroBitCount: Int {
        low == 0 ? 128 + high.trailingZeroBitCount : low.trailingZeroBitCount
    }

    /// The value times 2^`count`; bits beyond 256 are lost.
    func shiftedLeft(by count: Int) -> UInt256 {
        if count == 0 { return self }
        if count >= 128 { return UInt256(high: low << (count - 128), low: 0) }
        return UInt256(high: high << count | low >> (128 - count), low: low << count)
    }

    /// The value divided by 2^`count`, rounded down.
    func shiftedRight(by count: Int) -> UInt256 {
        if count == 0 { return self }
        if count >= 128 { return UInt256(high: 0, low: high >> (count - 128)) }
        return UInt256(high: high >> count, low: low >> count | high << (128 - count))
    }
}

extension UInt256 {
    /// The value times 2^`count`, or nil when that has more than 256 bits.
    func scaled(by count: Int) -> UInt256? {
        bitWidth + count <= 256 ? shiftedLeft(by: count) : nil
    }

    /// The product, or nil when it has more than 256 bits.
    func multiplied(by factor: UInt64) -> UInt256? {
        let (carry, lower) = low.multipliedFullWidth(by: UInt128(factor))
        let (upper, overflows) = high.multipliedReportingOverflow(by: UInt128(factor))
        let (sum, carries) = upper.addingReportingOverflow(carry)
        return overflows || carries ? nil : UInt256(high: sum, low: lower)
    }

    /// The difference, or nil when `other` is greater.
    func subtracting(_ other: UInt256) -> UInt256? {
        let (lower, borrows) = low.subtractingReportingOverflow(other.low)
        let (upper, isNegative) = high.subtractingReportingOverflow(other.high)
        let (last, isNegativeToo) = upper.subtractingReportingOverflow(borrows ? 1 : 0)
        return isNegative || isNegativeToo ? nil : UInt256(high: last, low: lower)
    }

    /// The value times 2^`exponent` as an odd number times a power of two; zero stays as it is.
    func odd(exponent: Int) -> (UInt256, exponent: Int) {
        if isZero { return (self, 0) }
        let zeros = trailingZeroBitCount
        return (shiftedRight(by: zeros), exponent + zeros)
    }
}
