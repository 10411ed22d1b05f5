/// A count of rows, or of values that are not null.
public struct RunningCount: Hashable, Sendable {
    /// How many were added and not removed.
    public var value: Int64

    /// Starts at `value`.
    @inlinable
    public init(_ value: Int64 = 0) { self.value = value }

    /// Counts one more.
    @inlinable
    public mutating func add() { value &+= 1 }

    /// Counts one less.
    @inlinable
    public mutating func remove() { value &-= 1 }

    /// Goes back to zero.
    @inlinable
    public mutating func reset() { value = 0 }

    /// Adds another count.
    @inlinable
    public mutating func merge(_ other: RunningCount) { value &+= other.value }

    /// Takes another count away.
    @inlinable
    public mutating func subtract(_ other: RunningCount) { value &-= other.value }
}
