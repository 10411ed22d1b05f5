// Conversions that round once, of the exact number: to a double half to even as IEEE does, to
// fewer places half away from zero as SQL does.

extension Decimal128 {
    /// The number as a `decimal(precision, scale)`, rounded half away from zero.
    ///
    /// - Returns: nil when it has more digits than `precision`.
    public func rescaled(precision: Int, scale: Int) -> Decimal128? {
        let digits: Int128
        if scale >= self.scale {
            let (product, overflow) = unscaled.multipliedReportingOverflow(
                by: Self.powerOfTen(scale - self.scale))
            if overflow { return nil }
            digits = product
        } else {
            let divisor = Self.powerOfTen(self.scale - scale)
            let (quotient, rest) = unscaled.quotientAndRemainder(dividingBy: divisor)
            let roundsAway = rest.magnitude >= divisor.magnitude - rest.magnitude
            digits = quotient + (roundsAway ? unscaled.signum() : 0)
        }
        guard Self.fits(digits, precision: precision) else { return nil }
        return Decimal128(unscaled: digits, scale: scale)
    }

    /// The part before the point.
    public var truncated: Int128 { unscaled / Self.powerOfTen(scale) }

    /// The nearest double, half to even.
    ///
    /// The quotient of the digits and the power of ten is taken to 63 bits or more, the last of
    /// which tells whether anything follows; so the conversion to a double is the only rounding.
    public var double: Double {
        if unscaled == 0 { return 0 }
        let divisor = Self.powerOfTen(scale).magnitude
        let magnitude = unscaled.magnitude
        let (up, divisorUp) = (magnitude.leadingZeroBitCount, divisor.leadingZeroBitCount)
        let normal = magnitude << UInt128(up)
        let (quotient, rest) = (divisor << UInt128(divisorUp)).dividingFullWidth(
            (normal >> 1, normal << 127))
        let isInexact = rest != 0 || UInt64(truncatingIfNeeded: quotient) != 0
        let leading = UInt64(truncatingIfNeeded: quotient >> 64) | (isInexact ? 1 : 0)
        return Double(
            sign: unscaled < 0 ? .minus : .plus, exponent: divisorUp - up - 63,
            significand: Double(leading))
    }

    /// The exact value of `double` as a `decimal(precision, scale)`, rounded half away from zero.
    ///
    /// - Returns: nil when it is not finite or has more digits than `precision`.
    public init?(rounding double: Double, precision: Int, scale: Int) {
        guard double.isFinite else { return nil }
        let isNormal = double.exponentBitPattern != 0
        let significand = double.significandBitPattern | (isNormal ? 1 << 52 : 0)
        let shift = Int(max(double.exponentBitPattern, 1)) - 1_075
        let product = UInt128(significand).multipliedFullWidth(
            by: Self.powerOfTen(scale).magnitude)
        let magnitude =
            shift < 0
            ? shiftedDown(product, by: -shift)
            : product.high == 0 ? raised(product.low, shift) : nil
        guard let magnitude, let digits = Int128(exactly: magnitude),
            Self.fits(digits, precision: precision)
        else { return nil }
        self.init(unscaled: double < 0 ? -digits : digits, scale: scale)
    }
}

extension Decimal128 {
    /// The `decimal(precision, scale)` of up to 15 digits whose nearest double is `double`: what a
    /// person wrote as a number of JSON, which arrives as a double.
    ///
    /// Nil when there is none: beyond 15 digits different texts become the same double.
    public init?(written double: Double, precision: Int, scale: Int) {
        guard let number = Decimal128(rounding: double, precision: precision, scale: scale),
            number.double == double
        else { return nil }
        var digits = number.unscaled
        while digits != 0, digits % 10 == 0 { digits /= 10 }
        guard Self.fits(digits, precision: 15) else { return nil }
        self = number
    }
}

private func raised(_ value: UInt128, _ shift: Int) -> UInt128? {
    if value == 0 { return 0 }
    return value.leadingZeroBitCount > shift ? value << UInt128(shift) : nil
}

/// The number over two to the power of `shift`, half upward; nil when it is beyond 128 bits.
private func shiftedDown(_ number: (high: UInt128, low: UInt128), by shift: Int) -> UInt128? {
    let floor = shifted(number, down: shift)
    guard floor.high == 0 else { return nil }
    let roundsUp = shifted(number, down: shift - 1).low & 1 == 1
    let (sum, overflow) = floor.low.addingReportingOverflow(roundsUp ? 1 : 0)
    return overflow ? nil : sum
}

private func shifted(
    _ number: (high: UInt128, low: UInt128), down shift: Int
) -> (high: UInt128, low: UInt128) {
    if shift == 0 { return number }
    if shift >= 128 { return (0, number.high >> UInt128(shift - 128)) }
    return (
        number.high >> UInt128(shift),
        number.low >> UInt128(shift) | number.high << UInt128(128 - shift)
    )
}
