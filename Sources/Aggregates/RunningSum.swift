/// A sum or a mean of doubles or integers: exact, rounded once when it is read.
public struct RunningSum: Hashable, Sendable {
    /// How many values were added and not removed.
    public var count: Int64
    /// Their exact sum.
    public var sum: ExactSum

    /// Starts with no values; `content` says what is going to be added.
    @inlinable
    public init(of content: ExactSum.Content = .doubles) {
        count = 0
        sum = ExactSum(of: content)
    }

    /// Adds a value.
    @inlinable
    public mutating func add(_ value: Double) {
        count &+= 1
        sum.add(value)
    }

    /// Takes away a value that was added.
    @inlinable
    public mutating func remove(_ value: Double) {
        count &-= 1
        sum.subtract(value)
    }

    /// Adds an integer.
    @inlinable
    public mutating func add(integer value: Int64) {
        count &+= 1
        sum.add(integer: value)
    }

    /// Takes away an integer that was added.
    @inlinable
    public mutating func remove(integer value: Int64) {
        count &-= 1
        sum.subtract(integer: value)
    }

    /// Goes back to no values, keeping the memory it has.
    @inlinable
    public mutating func reset() {
        count = 0
        sum.reset()
    }

    /// Adds all values of `other`.
    @inlinable
    public mutating func merge(_ other: RunningSum) {
        count &+= other.count
        sum.merge(other.sum)
    }

    /// Takes away all values of `other`.
    @inlinable
    public mutating func subtract(_ other: RunningSum) {
        count &-= other.count
        sum.subtract(other.sum)
    }

    /// The sum; nil without values.
    public var value: Double? { count > 0 ? sum.rounded() : nil }

    /// The mean; nil without values.
    public var mean: Double? { count > 0 ? sum.rounded(dividedBy: count) : nil }
}
