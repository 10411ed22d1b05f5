import Columns

extension Invocation {
    /// Replaces two operands of text by the sign of their order and zero.
    mutating func compareTexts() {
        let (left, right) = (texts(0), texts(1))
        func sign(_ row: Int) -> Int64 {
            Int64(
                left.values.compare(left.index(of: row), with: right.values, right.index(of: row)))
        }
        operands =
            left.isConstant && right.isConstant
            ? [.int64(.constant(sign(0))), .int64(.constant(0))]
            : [.int64(.values(tabulated(count: count, sign))), .int64(.constant(0))]
    }

    /// Replaces operands that are dates by their numbers of days.
    mutating func widenDays() {
        operands = operands.indices.map { .int64(int32s($0).map(Int64.init)) }
    }

    /// Replaces operands that are bools by 0 and 1.
    mutating func widenBits() {
        operands = operands.indices.map { .int64(bits($0).integers()) }
    }

    /// `operation` of the day of every row of a timestamp or date.
    @inline(__always)
    func mapDays(_ operation: (Int64) -> Int64) -> Lanes {
        if case .int32(let days) = operands[0] { return .int64(days.map { operation(Int64($0)) }) }
        return .int64(
            integers(0).map { operation($0.floored(by: CivilDate.microsecondsPerDay)) })
    }

    /// `operation` of the microseconds since midnight UTC of every row.
    @inline(__always)
    func mapTimeOfDay(_ operation: (Int64) -> Int64) -> Lanes {
        .int64(
            integers(0).map { time in
                let rest = time % CivilDate.microsecondsPerDay
                return operation(rest < 0 ? rest &+ CivilDate.microsecondsPerDay : rest)
            })
    }
}

extension BitLane {
    /// 1 for true and 0 for false.
    func integers<Integer: FixedWidthInteger & Maskable>() -> Lane<Integer> {
        switch self {
        case .constant(let bit): .constant(bit ? 1 : 0)
        case .bits(let bits): .values(blended(bits, { _ in 1 }, { _ in 0 }))
        }
    }
}
