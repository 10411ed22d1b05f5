/// How often a total operation had to give null, by cause.
///
/// Only rows count whose value was asked for: the branch of an `if` that is not taken, and what
/// stands behind `false and`, `true or` or a non-null operand of `coalesce`, cannot fail.
public struct FaultCounts: Hashable, Sendable {
    /// Integer, duration or time results beyond their range.
    public var overflow = 0
    /// Divisors that were zero.
    public var divisionByZero = 0
    /// Values that a cast has no equivalent for.
    public var badCast = 0

    /// Starts with none.
    public init() {}

    /// All causes together.
    public var total: Int { overflow + divisionByZero + badCast }

    /// Adds the counts of another evaluation.
    public mutating func add(_ other: FaultCounts) {
        overflow += other.overflow
        divisionByZero += other.divisionByZero
        badCast += other.badCast
    }
}

/// Why a row has no value; a mask, so that a loop can collect the causes of all rows.
struct Fault: Equatable {
    var bits: UInt8

    static let none = Fault(bits: 0)
    static let overflow = Fault(bits: 1)
    static let divisionByZero = Fault(bits: 2)
    static let badCast = Fault(bits: 4)
    static let causes = [overflow, divisionByZero, badCast]
}
