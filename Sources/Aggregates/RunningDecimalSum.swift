import Values

/// A sum of decimals of one scale, exact: the digits without the point, in 256 bits.
public struct RunningDecimalSum: Hashable, Sendable {
    /// How many values were added and not removed.
    public var count: Int64
    @usableFromInline var sum: Int256

    /// Starts with no values.
    @inlinable
    public init() {
        count = 0
        sum = .zero
    }

    /// Adds the digits of a value.
    @inlinable
    public mutating func add(_ digits: Int128) {
        count &+= 1
        sum.add(Int256(digits))
    }

    /// Takes away the digits of a value that was added.
    @inlinable
    public mutating func remove(_ digits: Int128) {
        count &-= 1
        sum.subtract(Int256(digits))
    }

    /// Goes back to no values.
    @inlinable
    public mutating func reset() { self = RunningDecimalSum() }

    /// Adds all values of `other`.
    @inlinable
    public mutating func merge(_ other: RunningDecimalSum) {
        count &+= other.count
        sum.add(other.sum)
    }

    /// Takes away all values of `other`.
    @inlinable
    public mutating func subtract(_ other: RunningDecimalSum) {
        count &-= other.count
        sum.subtract(other.sum)
    }

    /// The digits of the sum; nil without values and when there are more than 38.
    public var value: Int128? { count > 0 ? sum.digits : nil }

    /// Whether `value` is nil because the sum has more than 38 digits, which is counted as a fault.
    public var overflows: Bool { count > 0 && sum.digits == nil }
}

extension RunningDecimalSum {
    /// The mean of values with `scale` digits behind the point: the exact sum divided, rounded
    /// once; nil without values.
    public func mean(scale: Int) -> Double? {
        guard count > 0 else { return nil }
        if sum.isZero { return 0 }
        return LeadingBits(sum.magnitude, exponent: 0)
            .divided(by: Decimal128.powerOfTen(scale).magnitude)
            .rounded(dividedBy: UInt128(count), isNegative: sum.isNegative)
    }
}

extension LeadingBits {
    /// The quotient by `divisor`, positive and below 2^127: its highest 129 bits or more.
    ///
    /// They and "is it exact" are enough for one more division by a count of 63 bits, because
    /// rounding down twice is rounding down once.
    fileprivate func divided(by divisor: UInt128) -> LeadingBits {
        let (first, remainder) = bits.high.quotientAndRemainder(dividingBy: divisor)
        let (second, last) = divisor.dividingFullWidth((remainder, bits.low))
        var quotient = LeadingBits(UInt256(high: first, low: second), exponent: exponent)
        quotient.isInexact = isInexact || last != 0
        return quotient
    }
}
