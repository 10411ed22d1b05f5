/// How often a total operation had to give null, by cause.
///
/// Only rows count whose value was asked for: the branch of an `if` that is not taken, and what
/// stands behind `false and`, `true or` or a non-null operand of `coalesce`, cannot fail.
public struct FaultCounts: Hashable, Sendable {
    /// Integer, duration or time results beyond their range, and texts that are too long.
    public var overflow = 0
    /// Divisors that were zero.
    public var divisionByZero = 0
    /// Values that a cast has no equivalent for.
    public var badCast = 0
    /// Arguments that a function is not defined for, such as `sqrt(-1)`.
    public var domain = 0

    /// Starts with none.
    public init() {}

    /// All causes together.
    public var total: Int { overflow + divisionByZero + badCast + domain }

    /// Adds the counts of another evaluation.
    public mutating func add(_ other: FaultCounts) {
        overflow += other.overflow
        divisionByZero += other.divisionByZero
        badCast += other.badCast
        domain += other.domain
    }
}
