import Expressions
import Values

/// One row of a batch, by column.
typealias Row = [String: Scalar]

/// An expression as the oracle sees it: a text, and one row's value by the plainest means.
///
/// It shares nothing with the module but `Scalar`: precedence is a number, the value a closure.
struct Sketch {
    let text: String
    /// 1 `or`, 2 `and`, 3 `not`, 4 comparison, 5 sum, 6 product, 7 minus, 8 everything else.
    let level: Int
    let type: DataType
    let value: (Row, inout FaultCounts) -> Scalar

    init(
        _ text: String, _ level: Int, _ type: DataType,
        _ value: @escaping (Row, inout FaultCounts) -> Scalar
    ) {
        self.text = text
        self.level = level
        self.type = type
        self.value = value
    }

    func text(atLeast required: Int) -> String { level < required ? "(\(text))" : text }

    /// A strict function of two operands: both are computed, and null makes null.
    static func binary(
        _ name: String, _ level: Int, _ type: DataType, _ left: Sketch, _ right: Sketch,
        _ operation: @escaping (Scalar, Scalar, inout FaultCounts) -> Scalar
    ) -> Sketch {
        let first = left.text(atLeast: level == 4 ? 5 : level)
        return Sketch("\(first) \(name) \(right.text(atLeast: level + 1))", level, type) {
            row, faults in
            let (a, b) = (left.value(row, &faults), right.value(row, &faults))
            return a == .null || b == .null ? .null : operation(a, b, &faults)
        }
    }

    /// A strict function of one operand.
    static func unary(
        _ text: String, _ type: DataType, _ operand: Sketch, level: Int = 8,
        _ operation: @escaping (Scalar, inout FaultCounts) -> Scalar
    ) -> Sketch {
        Sketch(text, level, type) { row, faults in
            let value = operand.value(row, &faults)
            return value == .null ? .null : operation(value, &faults)
        }
    }
}

/// Arithmetic of single values in 128 bits, and the rules for what does not fit.
enum OracleArithmetic {
    static func canonical(_ value: Double) -> Scalar {
        .double(value.isNaN ? .nan : value == 0 ? 0 : value)
    }

    static func double(_ value: Scalar) -> Double {
        switch value {
        case .integer(let integer): Double(integer)
        case .double(let double): double
        default: preconditionFailure("no number")
        }
    }

    static func wide(_ value: Scalar) -> Int128 {
        switch value {
        case .integer(let integer): Int128(integer)
        case .timestamp(let time): Int128(time.microseconds)
        case .duration(let duration): Int128(duration.microseconds)
        case .date(let days): Int128(days)
        case .bool(let bool): bool ? 1 : 0
        default: preconditionFailure("no integer")
        }
    }

    static func fit(_ wide: Int128, _ type: DataType, _ faults: inout FaultCounts) -> Scalar {
        guard let value = Int64(exactly: wide) else {
            faults.overflow += 1
            return .null
        }
        return switch type {
        case .timestamp: .timestamp(EventTime(microseconds: value))
        case .duration: .duration(EventDuration(microseconds: value))
        default: .integer(value)
        }
    }

    static func integer(
        _ name: String, _ type: DataType, _ left: Scalar, _ right: Scalar,
        _ faults: inout FaultCounts
    ) -> Scalar {
        let (a, b) = (wide(left), wide(right))
        if b == 0, name == "//" || name == "%" {
            faults.divisionByZero += 1
            return .null
        }
        switch name {
        case "+": return fit(a + b, type, &faults)
        case "-": return fit(a - b, type, &faults)
        case "*": return fit(a * b, type, &faults)
        case "//": return fit(a / b, type, &faults)
        default: return fit(a % b, type, &faults)
        }
    }

    static func real(
        _ name: String, _ a: Double, _ b: Double, _ faults: inout FaultCounts
    ) -> Scalar {
        switch name {
        case "+": return canonical(a + b)
        case "-": return canonical(a - b)
        case "*": return canonical(a * b)
        default:
            if b == 0 { faults.divisionByZero += 1 }
            return b == 0 ? .null : canonical(a / b)
        }
    }

    /// -1, 0 or 1 as `left` comes before, with or after `right`.
    static func order(_ left: Scalar, _ right: Scalar) -> Int {
        switch (left, right) {
        case (.string(let a), .string(let b)):
            let (a, b) = (Array(a.utf8), Array(b.utf8))
            return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        case (.double, _), (_, .double):
            let (a, b) = (double(left), double(right))
            if a.isNaN || b.isNaN { return (a.isNaN ? 1 : 0) - (b.isNaN ? 1 : 0) }
            return a == b ? 0 : a < b ? -1 : 1
        default:
            let (a, b) = (wide(left), wide(right))
            return a == b ? 0 : a < b ? -1 : 1
        }
    }

    static func holds(_ name: String, _ order: Int) -> Bool {
        switch name {
        case "=", "==": order == 0
        case "!=", "<>": order != 0
        case "<": order < 0
        case "<=": order <= 0
        case ">": order > 0
        default: order >= 0
        }
    }

    /// The value as an operand of the wider type.
    static func widen(_ value: Scalar, _ type: DataType) -> Scalar {
        guard case .integer(let integer) = value, type == .double else { return value }
        return .double(Double(integer))
    }

    /// The exact product rounded half to even: doubles the fraction until it is an integer, then
    /// divides by the same power of two.
    static func roundedProduct(_ value: Double, _ unit: Int128) -> Int128 {
        var (whole, denominator) = (value.magnitude, Int128(1))
        while whole != whole.rounded(), denominator < 1 << 85, whole < 0x1p53 {
            whole *= 2
            denominator *= 2
        }
        let numerator = Int128(whole) * unit
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        let twice = rest * 2
        let isUp = twice > denominator || (twice == denominator && quotient % 2 == 1)
        return (value < 0 ? -1 : 1) * (quotient + (isUp ? 1 : 0))
    }

    static func isSame(_ left: Scalar, _ right: Scalar) -> Bool {
        if case .double(let a) = left, case .double(let b) = right {
            return a.bitPattern == b.bitPattern
        }
        if case .list(let a) = left, case .list(let b) = right {
            return a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
        }
        return left == right
    }
}
