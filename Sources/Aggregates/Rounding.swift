// Rounding of exact values to the nearest double, ties to even, once. Everything above it is
// integer arithmetic, so each result of an aggregate is the correctly rounded exact value.

/// The double nearest to `significand * 2^exponent` plus, when `isInexact`, something positive and
/// less than `2^exponent`.
///
/// Bit 63 of `significand` must be set. Zero never has a sign; too great values are infinite.
func roundedDouble(
    significand: UInt64, isInexact: Bool, exponent: Int, isNegative: Bool
) -> Double {
    let topExponent = exponent + 63
    if topExponent > 1023 { return isNegative ? -.infinity : .infinity }
    let dropped = topExponent >= -1022 ? 11 : 11 + (-1022 - topExponent)
    if dropped > 64 { return 0 }
    let kept = dropped == 64 ? 0 : significand >> UInt64(dropped)
    let half: UInt64 = 1 << UInt64(dropped - 1)
    let rest = significand & (half - 1)
    let roundsUp = significand & half != 0 && (rest != 0 || isInexact || kept & 1 == 1)
    // A carry out of the significand goes into the exponent field, where it belongs.
    let field = UInt64(max(topExponent + 1022, 0)) << 52
    let bits = (topExponent >= -1022 ? field : 0) + kept + (roundsUp ? 1 : 0)
    if bits == 0 { return 0 }
    return Double(bitPattern: bits | (isNegative ? 1 << 63 : 0))
}

/// The 256 highest bits of a positive number: it lies in
/// `[bits, bits + 1) * 2^exponent`, is `bits * 2^exponent` unless `isInexact`, and bit 255 is set.
struct LeadingBits {
    var bits: UInt256
    var exponent: Int
    var isInexact: Bool

    /// Makes it of an exact value other than zero.
    init(_ magnitude: UInt256, exponent: Int) {
        let shift = 256 - magnitude.bitWidth
        bits = magnitude.shiftedLeft(by: shift)
        self.exponent = exponent - shift
        isInexact = false
    }

    /// Makes it of its parts; bit 255 of `bits` must be set.
    init(bits: UInt256, exponent: Int, isInexact: Bool) {
        self.bits = bits
        self.exponent = exponent
        self.isInexact = isInexact
    }

    /// The nearest double.
    func rounded(isNegative: Bool) -> Double {
        let top = UInt64(truncatingIfNeeded: bits.high >> 64)
        let rest = UInt64(truncatingIfNeeded: bits.high) != 0 || bits.low != 0
        return roundedDouble(
            significand: top, isInexact: rest || isInexact, exponent: exponent + 192,
            isNegative: isNegative)
    }

    /// The double nearest to the exact quotient by `divisor`, which must be positive.
    ///
    /// The highest bits suffice: dividing them leaves a remainder below the divisor, and what
    /// stands below them adds less than one to it, so only "is it exact" can change.
    func rounded(dividedBy divisor: UInt128, isNegative: Bool) -> Double {
        if let narrow = UInt64(exactly: divisor) {
            return rounded(dividedBy: narrow, isNegative: isNegative)
        }
        let (first, remainder) = bits.high.quotientAndRemainder(dividingBy: divisor)
        let (second, last) = divisor.dividingFullWidth((remainder, bits.low))
        var quotient = LeadingBits(UInt256(high: first, low: second), exponent: exponent)
        quotient.isInexact = isInexact || last != 0
        return quotient.rounded(isNegative: isNegative)
    }

    private func rounded(dividedBy divisor: UInt64, isNegative: Bool) -> Double {
        let top = UInt64(truncatingIfNeeded: bits.high >> 64)
        let (first, remainder) = top.quotientAndRemainder(dividingBy: divisor)
        let (second, last) = divisor.dividingFullWidth(
            (remainder, UInt64(truncatingIfNeeded: bits.high)))
        let shift = first == 0 ? 64 : first.leadingZeroBitCount
        let quotient = (UInt128(first) << 64 | UInt128(second)) << UInt128(shift)
        let rest = UInt64(truncatingIfNeeded: quotient) != 0
        return roundedDouble(
            significand: UInt64(truncatingIfNeeded: quotient >> 64),
            isInexact: rest || last != 0 || bits.low != 0 || isInexact,
            exponent: exponent + 192 - shift, isNegative: isNegative)
    }
}
