/// The count, sum and sum of squares of doubles or integers, all exact: what variance and
/// standard deviation are made of.
public struct RunningMoments: Hashable, Sendable {
    /// How many values were added and not removed.
    public var count: Int64
    /// Their exact sum.
    public var sum: ExactSum
    /// The exact sum of their squares.
    public var squares: ExactSum

    /// Starts with no values of doubles.
    @inlinable
    public init() {
        count = 0
        sum = ExactSum(of: .doubles)
        squares = ExactSum(of: .squaresOfDoubles)
    }

    /// Starts with no values; only `add(integer:)` and `remove(integer:)` are going to be used.
    @inlinable
    public static func ofIntegers() -> RunningMoments {
        var moments = RunningMoments()
        moments.sum = ExactSum(of: .integers)
        moments.squares = ExactSum(of: .integers)
        return moments
    }

    /// Adds a value.
    @inlinable
    public mutating func add(_ value: Double) {
        count &+= 1
        sum.add(value)
        squares.addSquare(of: value)
    }

    /// Takes away a value that was added.
    @inlinable
    public mutating func remove(_ value: Double) {
        count &-= 1
        sum.subtract(value)
        squares.subtractSquare(of: value)
    }

    /// Adds an integer.
    @inlinable
    public mutating func add(integer value: Int64) {
        count &+= 1
        sum.add(integer: value)
        squares.addSquare(ofInteger: value)
    }

    /// Takes away an integer that was added.
    @inlinable
    public mutating func remove(integer value: Int64) {
        count &-= 1
        sum.subtract(integer: value)
        squares.subtractSquare(ofInteger: value)
    }

    /// Goes back to no values, keeping the memory it has.
    @inlinable
    public mutating func reset() {
        count = 0
        sum.reset()
        squares.reset()
    }

    /// Adds all values of `other`.
    @inlinable
    public mutating func merge(_ other: RunningMoments) {
        count &+= other.count
        sum.merge(other.sum)
        squares.merge(other.squares)
    }

    /// Takes away all values of `other`.
    @inlinable
    public mutating func subtract(_ other: RunningMoments) {
        count &-= other.count
        sum.subtract(other.sum)
        squares.subtract(other.squares)
    }

    /// The sample variance; nil below two values.
    public var variance: Double? {
        count > 1 ? ExactSum.variance(count: count, sum: sum, squares: squares) : nil
    }

    /// The sample standard deviation: the IEEE square root of `variance`; nil below two values.
    public var standardDeviation: Double? { variance?.squareRoot() }
}
