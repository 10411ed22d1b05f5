import Columns
import Values

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
        switch cause {
        case .overflow: faults.overflow += counted
        case .divisionByZero: faults.divisionByZero += counted
        default: faults.badCast += counted
        }
        validity = validity.and(failures.inverted)
    }
}

extension Invocation {
    func bits(_ index: Int) -> BitLane {
        guard case .bits(let lane) = operands[index] else { mismatch() }
        return lane
    }

    func int32s(_ index: Int) -> Lane<Int32> {
        guard case .int32(let lane) = operands[index] else { mismatch() }
        return lane
    }

    func integers(_ index: Int) -> Lane<Int64> {
        guard case .int64(let lane) = operands[index] else { mismatch() }
        return lane
    }

    func floats(_ index: Int) -> Lane<Float> {
        guard case .float(let lane) = operands[index] else { mismatch() }
        return lane
    }

    func doubles(_ index: Int) -> Lane<Double> {
        guard case .double(let lane) = operands[index] else { mismatch() }
        return lane
    }

    func texts(_ index: Int) -> BytesLane {
        guard case .bytes(let lane) = operands[index] else { mismatch() }
        return lane
    }

    private func mismatch() -> Never {
        preconditionFailure("an operand has another type than the expression was checked with")
    }
}

extension Invocation {
    @inline(__always)
    func mapDoubles(_ operation: (Double) -> Double) -> Lanes {
        .double(doubles(0).map { canonical(operation($0)) })
    }

    @inline(__always)
    func zipDoubles(_ operation: (Double, Double) -> Double) -> Lanes {
        .double(doubles(0).zip(doubles(1), count: count) { canonical(operation($0, $1)) })
    }

    @inline(__always)
    func compareDoubles(_ predicate: (Double, Double) -> Bool) -> BitLane {
        doubles(0).compare(doubles(1), count: count, predicate)
    }

    @inline(__always)
    func compareIntegers(_ predicate: (Int64, Int64) -> Bool) -> BitLane {
        integers(0).compare(integers(1), count: count, predicate)
    }

    /// `operation` of every row, which also says whether it failed.
    ///
    /// A first loop computes all values and collects the causes; only when there is one, a second
    /// loop finds the rows. Rows that are null may look like failures and are sorted out there.
    @inline(__always)
    mutating func mapChecked<Operand, Result>(
        _ lane: Lane<Operand>, _ operation: (Operand) -> (Result, Fault)
    ) -> Lane<Result> {
        var causes: UInt8 = 0
        let result: Lane<Result> = lane.map { value in
            let (result, fault) = operation(value)
            causes |= fault.bits
            return result
        }
        if causes == 0 { return result }
        for cause in Fault.causes where causes & cause.bits != 0 {
            let mask = Lane<UInt8>.constant(cause.bits)
            fail(lane.compare(mask, count: count) { operation($0).1.bits & $1 != 0 }, cause)
        }
        return result
    }

    /// `operation` of every row of two operands, which also says whether it failed.
    @inline(__always)
    mutating func zipChecked<Left, Right, Result>(
        _ left: Lane<Left>, _ right: Lane<Right>, _ operation: (Left, Right) -> (Result, Fault)
    ) -> Lane<Result> {
        var causes: UInt8 = 0
        let result: Lane<Result> = left.zip(right, count: count) { first, second in
            let (result, fault) = operation(first, second)
            causes |= fault.bits
            return result
        }
        if causes == 0 { return result }
        for cause in Fault.causes where causes & cause.bits != 0 {
            fail(
                left.compare(right, count: count) { operation($0, $1).1.bits & cause.bits != 0 },
                cause)
        }
        return result
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
