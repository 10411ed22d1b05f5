import Values

// Operators and functions of numbers, as operations on plain values. Integer operations detect
// overflow by the signs, because the compiler vectorises that.

@Sendable @inline(__always)
func addIntegers(_ left: Int64, _ right: Int64) -> (Int64, Fault) {
    let sum = left &+ right
    return (sum, (left ^ sum) & (right ^ sum) < 0 ? .overflow : .none)
}

@Sendable @inline(__always)
func subtractIntegers(_ left: Int64, _ right: Int64) -> (Int64, Fault) {
    let difference = left &- right
    return (difference, (left ^ right) & (left ^ difference) < 0 ? .overflow : .none)
}

@Sendable @inline(__always)
func multiplyIntegers(_ left: Int64, _ right: Int64) -> (Int64, Fault) {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    return (product, overflow ? .overflow : .none)
}

@Sendable @inline(__always)
func negateInteger(_ value: Int64) -> (Int64, Fault) {
    (0 &- value, value == .min ? .overflow : .none)
}

@Sendable @inline(__always)
func absoluteInteger(_ value: Int64) -> (Int64, Fault) {
    (value < 0 ? 0 &- value : value, value == .min ? .overflow : .none)
}

/// Truncates toward zero.
@Sendable
func quotient(_ left: Int64, _ right: Int64) -> (Int64, Fault) {
    if right == 0 { return (0, .divisionByZero) }
    let (quotient, overflow) = left.dividedReportingOverflow(by: right)
    return (quotient, overflow ? .overflow : .none)
}

/// Has the sign of the dividend; the remainder by -1 is 0 for the least integer too.
@Sendable
func remainder(_ left: Int64, _ right: Int64) -> (Int64, Fault) {
    if right == 0 { return (0, .divisionByZero) }
    return (right == -1 ? 0 : left % right, .none)
}

@Sendable @inline(__always)
func divideDoubles(_ left: Double, _ right: Double) -> (Double, Fault) {
    (left / right, right == 0 ? .divisionByZero : .none)
}

@Sendable
func divideDurations(_ left: Int64, _ right: Int64) -> (Double, Fault) {
    (Double(left) / Double(right), right == 0 ? .divisionByZero : .none)
}

/// A number of units of time as a duration.
func scale(_ value: Double, by unit: Int64) -> (Int64, Fault) {
    if let whole = Int64(exactly: value) { return multiplyIntegers(whole, unit) }
    guard let product = exactProduct(value, unit) else { return (0, .overflow) }
    return (product, .none)
}

/// The exact product of a double and a positive unit below 2^40, rounded half to even.
///
/// A double is a significand of 53 bits times a power of two, so the product of the significand
/// and the unit fits 93 bits and only the shift by the exponent rounds, once.
///
/// - Returns: nil when the result is beyond the range of `Int64` or the value is not finite.
func exactProduct(_ value: Double, _ unit: Int64) -> Int64? {
    guard value.isFinite else { return nil }
    let isNormal = value.exponentBitPattern != 0
    let significand = value.significandBitPattern | (isNormal ? 1 << 52 : 0)
    let shift = Int(max(value.exponentBitPattern, 1)) - 1_075
    let product = UInt128(significand) * UInt128(UInt64(unit))
    guard product != 0 else { return 0 }
    guard shift < 64 else { return nil }
    let magnitude = shift >= 0 ? shiftedLeft(product, shift) : roundedShift(product, -shift)
    guard let magnitude else { return nil }
    return value.sign == .minus
        ? Int64(exactly: 0 - Int128(magnitude)) : Int64(exactly: magnitude)
}

private func shiftedLeft(_ product: UInt128, _ shift: Int) -> UInt128? {
    product.leadingZeroBitCount > shift + 1 ? product << UInt128(shift) : nil
}

/// The product over 2^shift, rounded half to even; nil when it is beyond 64 bits.
private func roundedShift(_ product: UInt128, _ shift: Int) -> UInt128? {
    guard shift < 127 else { return 0 }
    let half = UInt128(1) << UInt128(shift - 1)
    let quotient = product >> UInt128(shift)
    let rest = product - (quotient << UInt128(shift))
    let roundsUp = rest > half || (rest == half && quotient & 1 == 1)
    let rounded = quotient + (roundsUp ? 1 : 0)
    return rounded >> 64 == 0 ? rounded : nil
}
