/// A sum of 64-bit integers, exact in 128 bits.
public struct RunningIntegerSum: Hashable, Sendable {
    /// How many values were added and not removed.
    public var count: Int64
    /// Their exact sum.
    public var sum: Int128

    /// Starts with no values.
    @inlinable
    public init() {
        count = 0
        sum = 0
    }

    /// Adds a value.
    @inlinable
    public mutating func add(_ value: Int64) {
        count &+= 1
        sum &+= Int128(value)
    }

    /// Takes away a value that was added.
    @inlinable
    public mutating func remove(_ value: Int64) {
        count &-= 1
        sum &-= Int128(value)
    }

    /// Goes back to no values.
    @inlinable
    public mutating func reset() { self = RunningIntegerSum() }

    /// Adds all values of `other`.
    @inlinable
    public mutating func merge(_ other: RunningIntegerSum) {
        count &+= other.count
        sum &+= other.sum
    }

    /// Takes away all values of `other`.
    @inlinable
    public mutating func subtract(_ other: RunningIntegerSum) {
        count &-= other.count
        sum &-= other.sum
    }

    /// The sum; nil without values and when it does not fit 64 bits.
    @inlinable
    public var value: Int64? { count > 0 ? Int64(exactly: sum) : nil }

    /// Whether `value` is nil because the sum does not fit 64 bits, which is counted as a fault.
    @inlinable
    public var overflows: Bool { count > 0 && Int64(exactly: sum) == nil }
}
