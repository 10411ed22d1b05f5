import Columns
import Values

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
            integers(0).map { operation(EventTime(microseconds: $0).daysSinceEpoch) })
    }

    /// `operation` of the microseconds since midnight UTC of every row.
    @inline(__always)
    func mapTimeOfDay(_ operation: (Int64) -> Int64) -> Lanes {
        .int64(integers(0).map { operation(EventTime(microseconds: $0).microsecondsOfDay) })
    }
}

/// 1 for the first of January.
@inline(__always)
func dayOfYear(_ days: Int64) -> Int64 {
    let year = CivilDate(daysSinceEpoch: days).year
    return days - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + 1
}

/// 1 for Monday to 7 for Sunday.
@inline(__always)
func dayOfWeek(_ days: Int64) -> Int64 {
    let remainder = (days + 3) % 7
    return (remainder < 0 ? remainder + 7 : remainder) + 1
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
