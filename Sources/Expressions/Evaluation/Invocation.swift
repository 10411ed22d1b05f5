import Columns

/// One call of a kernel: its operands, of exactly the overload's types, and where it puts faults.
struct Invocation {
    /// The operands' values.
    var operands: [Lanes]
    /// How many rows there are.
    let count: Int
    /// The rows whose value is asked for; only these count as faults.
    let active: BitLane
    /// The rows in which no operand is null and nothing failed.
    var validity: BitLane
    /// The faults so far.
    var faults = FaultCounts()

    /// Makes null and counts the rows that `failed` marks.
    mutating func fail(_ failed: BitLane, _ cause: Fault) {
        let failures = failed.and(validity)
        let counted = failures.and(active).onesCount(of: count)
        faults.add(cause, rows: counted)
        validity = validity.and(failures.inverted)
    }
}

/// The value as a result has it: never -0, and of all NaNs the one quiet NaN.
@inline(__always)
func canonical(_ value: Double) -> Double { value != value ? .nan : value + 0.0 }

/// The value as a result has it: never -0, and of all NaNs the one quiet NaN.
@inline(__always)
func canonical(_ value: Float) -> Float { value != value ? .nan : value + 0.0 }

/// The order of doubles in which NaN is equal to itself and the greatest.
@inline(__always)
func isLess(_ left: Double, _ right: Double) -> Bool { !(left >= right) && left == left }
