/// A signed integer of 256 bits in two's complement: the window of an `ExactSum`.
///
/// Only what the accumulator needs; every operation is branch-light and allocates nothing.
@usableFromInline
struct Int256: Hashable, Sendable {
    @usableFromInline var high: Int128
    @usableFromInline var low: UInt128

    @inlinable
    init(high: Int128, low: UInt128) {
        self.high = high
        self.low = low
    }

    @inlinable
    init(_ value: Int128) {
        self.init(high: value < 0 ? -1 : 0, low: UInt128(truncatingIfNeeded: value))
    }

    @usableFromInline static var zero: Int256 {
        @inlinable get { Int256(high: 0, low: 0) }
    }

    @usableFromInline var isZero: Bool {
        @inlinable get { high == 0 && low == 0 }
    }

    @usableFromInline var isNegative: Bool {
        @inlinable get { high < 0 }
    }

    /// Whether the absolute value is below 2^254, which leaves room for any one addition.
    @usableFromInline var hasHeadroom: Bool {
        @inlinable get {
            let top = Int64(truncatingIfNeeded: high &>> 64)
            return (top &+ (1 << 62)) >= 0
        }
    }

    /// Adds, wrapping around at 256 bits.
    @inlinable @inline(__always)
    mutating func add(_ other: Int256) {
        let (sum, carry) = low.addingReportingOverflow(other.low)
        low = sum
        high = high &+ other.high &+ (carry ? 1 : 0)
    }

    /// Subtracts, wrapping around at 256 bits.
    @inlinable @inline(__always)
    mutating func subtract(_ other: Int256) {
        let (difference, borrow) = low.subtractingReportingOverflow(other.low)
        low = difference
        high = high &- other.high &- (borrow ? 1 : 0)
    }

    @inlinable
    func negated() -> Int256 {
        var result = Int256.zero
        result.subtract(self)
        return result
    }
}

extension Int256 {
    /// The absolute value.
    var magnitude: UInt256 {
        let positive = isNegative ? negated() : self
        return UInt256(high: UInt128(bitPattern: positive.high), low: positive.low)
    }

    /// Makes the value with a sign; `magnitude` must be below 2^255.
    init(magnitude: UInt256, isNegative: Bool) {
        let positive = Int256(high: Int128(bitPattern: magnitude.high), low: magnitude.low)
        self = isNegative ? positive.negated() : positive
    }
}
