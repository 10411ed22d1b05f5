import Expressions
import TestSupport
import Values

// Forms and functions with the plainest oracle that there is: strings as arrays of Unicode
// scalars, lists as arrays, calendars day by day.

extension SketchGenerator {
    /// A strict function of operands that are written in order.
    private func strict(
        _ type: DataType, _ operands: [Sketch], level: Int = 8, _ text: ([String]) -> String,
        _ operation: @escaping ([Scalar], inout FaultCounts) -> Scalar
    ) -> Sketch {
        Sketch(text(operands.map(\.text)), level, type) { row, faults in
            let values = operands.map { $0.value(row, &faults) }
            return values.contains(.null) ? .null : operation(values, &faults)
        }
    }

    private func call(
        _ name: String, _ type: DataType, _ operands: [Sketch],
        _ operation: @escaping ([Scalar], inout FaultCounts) -> Scalar
    ) -> Sketch {
        strict(type, operands, { "\(name)(\($0.joined(separator: ", ")))" }, operation)
    }

    /// `case`, `nullif`, `least` or `greatest`.
    mutating func form(_ type: DataType, _ depth: Int) -> Sketch {
        let depth = max(0, depth)
        let isCompared = type != .int32 && type != .float
        switch Int.random(in: 0..<(isCompared ? 4 : 2), using: &random) {
        case 0: return searchedCase(type, depth)
        case 1: return simpleCase(type, depth)
        case 2:
            let (left, right) = (draw(type, depth: depth), draw(type, depth: depth))
            return Sketch("nullif(\(left.text), \(right.text))", 8, type) { row, faults in
                let (a, b) = (left.value(row, &faults), right.value(row, &faults))
                if a == .null || b == .null { return a }
                return OracleArithmetic.order(a, b) == 0 ? .null : a
            }
        default:
            let isLeast = Bool.random(using: &random)
            let operands = parts(type, pick([2, 3]), depth)
            let text = operands.map(\.text).joined(separator: ", ")
            return Sketch("\(isLeast ? "least" : "greatest")(\(text))", 8, type) { row, faults in
                var best = Scalar.null
                for operand in operands {
                    let value = OracleArithmetic.widen(operand.value(row, &faults), type)
                    if value == .null { continue }
                    let order = best == .null ? 0 : OracleArithmetic.order(value, best)
                    if best == .null || (isLeast ? order < 0 : order > 0) { best = value }
                }
                return best
            }
        }
    }

    private mutating func searchedCase(_ type: DataType, _ depth: Int) -> Sketch {
        let conditions = (0..<pick([1, 2])).map { _ in draw(.bool, depth: depth) }
        let results = parts(type, conditions.count + pick([0, 1]), depth)
        var text = "case"
        for (condition, result) in zip(conditions, results) {
            text += " when \(condition.text) then \(result.text)"
        }
        if results.count > conditions.count { text += " else \(results[conditions.count].text)" }
        return Sketch(text + " end", 8, type) { row, faults in
            for (condition, result) in zip(conditions, results)
            where condition.value(row, &faults) == .bool(true) {
                return OracleArithmetic.widen(result.value(row, &faults), type)
            }
            guard results.count > conditions.count else { return .null }
            return OracleArithmetic.widen(results[conditions.count].value(row, &faults), type)
        }
    }

    private mutating func simpleCase(_ type: DataType, _ depth: Int) -> Sketch {
        let compared: DataType = pick([.bool, .int64, .string])
        let labels = (0..<pick([2, 3])).map { _ in draw(compared, depth: depth) }
        let results = parts(type, labels.count, depth)
        var text = "case \(labels[0].text)"
        for (label, result) in zip(labels.dropFirst(), results) {
            text += " when \(label.text) then \(result.text)"
        }
        text += " else \(results[labels.count - 1].text) end"
        return Sketch(text, 8, type) { row, faults in
            let subject = labels[0].value(row, &faults)
            for (label, result) in zip(labels.dropFirst(), results) {
                let value = label.value(row, &faults)
                if subject != .null, value != .null, OracleArithmetic.order(subject, value) == 0 {
                    return OracleArithmetic.widen(result.value(row, &faults), type)
                }
            }
            return OracleArithmetic.widen(results[labels.count - 1].value(row, &faults), type)
        }
    }

    /// A function with a result of `type`; nil when there is none.
    mutating func function(_ type: DataType, _ depth: Int) -> Sketch? {
        let depth = max(0, depth)
        return switch type {
        case .bool: truthFunction(depth)
        case .int64: integerFunction(depth)
        case .double: realFunction(depth)
        case .string: textFunction(depth)
        case .timestamp: truncation(depth)
        default: nil
        }
    }

    private mutating func truthFunction(_ depth: Int) -> Sketch {
        let type: DataType = pick([.bool, .int64, .double, .string, .timestamp])
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return between(type, depth)
        case 1: return membership(type, depth)
        case 2: return like(depth)
        default:
            let name = pick(["starts_with", "ends_with", "contains"])
            let operands = [draw(.string, depth: depth), draw(.string, depth: depth)]
            return call(name, .bool, operands) { values, _ in
                let (text, part) = (scalars(values[0]), scalars(values[1]))
                let places = text.count < part.count ? [] : Array(0...(text.count - part.count))
                let found = places.filter { Array(text[$0..<$0 + part.count]) == part }
                return .bool(
                    name == "contains"
                        ? !found.isEmpty
                        : found.contains(name == "starts_with" ? 0 : text.count - part.count))
            }
        }
    }

    private mutating func between(_ type: DataType, _ depth: Int) -> Sketch {
        let operands = parts(type, 3, depth)
        let texts = operands.map { $0.text(atLeast: 5) }
        return Sketch("\(texts[0]) between \(texts[1]) and \(texts[2])", 4, .bool) { row, faults in
            let values = operands.map { OracleArithmetic.widen($0.value(row, &faults), type) }
            var unknown = values[0] == .null
            for (bound, sign) in [(values[1], 1), (values[2], -1)] {
                if bound == .null || values[0] == .null {
                    unknown = true
                } else if OracleArithmetic.order(values[0], bound) * sign < 0 {
                    return .bool(false)
                }
            }
            return unknown ? .null : .bool(true)
        }
    }

    private mutating func membership(_ type: DataType, _ depth: Int) -> Sketch {
        let operands = parts(type, pick([2, 3, 4]), depth)
        let items = operands.dropFirst().map(\.text).joined(separator: ", ")
        let isNegated = Bool.random(using: &random)
        let text = "\(operands[0].text(atLeast: 5))\(isNegated ? " not" : "") in (\(items))"
        return Sketch(text, 4, .bool) { row, faults in
            let values = operands.map { OracleArithmetic.widen($0.value(row, &faults), type) }
            if values[0] == .null { return .null }
            let items = values.dropFirst()
            if items.contains(where: { $0 != .null && OracleArithmetic.order($0, values[0]) == 0 })
            {
                return .bool(!isNegated)
            }
            return items.contains(.null) ? .null : .bool(isNegated)
        }
    }

    private mutating func like(_ depth: Int) -> Sketch {
        let text = draw(.string, depth: depth)
        let pattern = pick(["%", "a%", "%b%", "_", "_%_", "a_b%", "!%_", "%!", "", "%a%a%"])
        let hasEscape = Bool.random(using: &random)
        let tail = hasEscape ? " escape '!'" : ""
        let written = "\(text.text(atLeast: 5)) like '\(pattern)'\(tail)"
        return Sketch(written, 4, .bool) { row, faults in
            let value = text.value(row, &faults)
            if value == .null { return .null }
            if hasEscape, pattern.hasSuffix("!") {
                faults.domain += 1
                return .null
            }
            let marks = Array(pattern.unicodeScalars)[...]
            return .bool(matches(scalars(value)[...], marks, hasEscape))
        }
    }

    private mutating func integerFunction(_ depth: Int) -> Sketch {
        switch Int.random(in: 0..<5, using: &random) {
        case 0:
            return call("length", .int64, [draw(.string, depth: depth)]) { values, _ in
                .integer(Int64(scalars(values[0]).count))
            }
        case 1:
            let operands = [draw(.double, depth: depth)]
            return strict(.int64, operands, { "bucket(\($0[0]), [-1, 0, 2.5])" }) { values, _ in
                let value = OracleArithmetic.double(values[0])
                return .integer(Int64([-1, 0, 2.5].count { value.isNaN || value >= $0 }))
            }
        case 2:
            return call("clamp", .int64, (0..<3).map { _ in integer(depth) }) { values, faults in
                let (low, high) = (
                    OracleArithmetic.wide(values[1]), OracleArithmetic.wide(values[2])
                )
                guard low <= high else {
                    faults.domain += 1
                    return .null
                }
                return .integer(
                    Int64(max(low, min(high, OracleArithmetic.wide(values[0])))))
            }
        case 3: return hourInZone(depth)
        default:
            let items = parts(.int64, pick([1, 2, 3]), depth)
            return Sketch("list_sum([\(items.map(\.text).joined(separator: ", "))])", 8, .int64) {
                row, faults in
                let values = items.map { $0.value(row, &faults) }.filter { $0 != .null }
                if values.isEmpty { return .null }
                let sum = values.reduce(0) { $0 + OracleArithmetic.wide($1) }
                return OracleArithmetic.fit(sum, .int64, &faults)
            }
        }
    }

    private mutating func hourInZone(_ depth: Int) -> Sketch {
        let hours = pick([-5, 0, 2] as [Int64])
        let zone = hours == 0 ? "UTC" : "\(hours < 0 ? "-" : "+")0\(hours.magnitude):00"
        let time = draw(.timestamp, depth: depth)
        return strict(.int64, [time], { "hour(\($0[0]), '\(zone)')" }) { values, faults in
            let local = OracleArithmetic.wide(values[0]) + Int128(hours) * 3_600_000_000
            guard OracleArithmetic.fit(local, .int64, &faults) != .null else { return .null }
            let day = Int128(86_400_000_000)
            return .integer(Int64(((local % day) + day) % day / 3_600_000_000))
        }
    }

    private mutating func realFunction(_ depth: Int) -> Sketch {
        let operand = draw(pick([.double, .float]), depth: depth)
        let rules: [(String, FloatingPointRoundingRule)] = [
            ("floor", .down), ("ceil", .up), ("trunc", .towardZero),
            ("round", .toNearestOrAwayFromZero), ("round_even", .toNearestOrEven),
        ]
        if Bool.random(using: &random) {
            let (name, rule) = pick(rules)
            return call(name, .double, [operand]) { values, _ in
                OracleArithmetic.canonical(OracleArithmetic.double(values[0]).rounded(rule))
            }
        }
        return call("sqrt", .double, [operand]) { values, faults in
            let value = OracleArithmetic.double(values[0])
            if value < 0 { faults.domain += 1 }
            return value < 0 ? .null : OracleArithmetic.canonical(value.squareRoot())
        }
    }

    private mutating func textFunction(_ depth: Int) -> Sketch {
        let text = draw(.string, depth: depth)
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            let other = draw(.string, depth: depth)
            return .binary("||", 4, .string, text, other) { a, b, _ in
                string(scalars(a) + scalars(b))
            }.parenthesised
        case 1:
            return call("upper", .string, [text]) { values, _ in
                string(
                    scalars(values[0]).map { scalar in
                        scalar.isASCII
                            ? scalar.properties.uppercaseMapping.unicodeScalars.first
                                ?? scalar : scalar
                    })
            }
        case 2:
            return call("trim", .string, [text]) { values, _ in
                var text = scalars(values[0])[...]
                while text.first == " " { text.removeFirst() }
                while text.last == " " { text.removeLast() }
                return string(Array(text))
            }
        case 3: return substring(text, integer(depth), integer(depth))
        case 4:
            let part = draw(.string, depth: depth)
            return call("replace", .string, [text, part, draw(.string, depth: 0)]) { values, _ in
                let (text, part) = (scalars(values[0]), scalars(values[1]))
                if part.isEmpty { return values[0] }
                var (result, index): ([Unicode.Scalar], Int) = ([], 0)
                while index < text.count {
                    if Array(text[index...].prefix(part.count)) == part {
                        result += scalars(values[2])
                        index += part.count
                    } else {
                        result.append(text[index])
                        index += 1
                    }
                }
                return string(result)
            }
        case 5:
            return call("reverse", .string, [text]) { values, _ in
                string(scalars(values[0]).reversed())
            }
        default:
            let operands = [text] + (0..<pick([0, 1, 2])).map { _ in draw(.string, depth: depth) }
            return Sketch("concat(\(operands.map(\.text).joined(separator: ", ")))", 8, .string) {
                row, faults in
                string(
                    operands.flatMap { operand in
                        let value = operand.value(row, &faults)
                        return value == .null ? [] : scalars(value)
                    })
            }
        }
    }

    private func substring(_ text: Sketch, _ start: Sketch, _ length: Sketch) -> Sketch {
        call("substr", .string, [text, start, length]) { values, faults in
            let text = scalars(values[0])
            let (start, length) = (
                OracleArithmetic.wide(values[1]), OracleArithmetic.wide(values[2])
            )
            if length < 0 {
                faults.domain += 1
                return .null
            }
            let count = Int128(text.count)
            let first = start >= 0 ? start : count + start + 1
            let places = (1...max(1, count)).filter { $0 >= first && $0 < first + length }
            return string(places.filter { $0 <= count }.map { text[Int($0 - 1)] })
        }
    }

    private mutating func truncation(_ depth: Int) -> Sketch {
        let unit = pick(["hour", "day", "month", "year"])
        let time = draw(.timestamp, depth: depth)
        return strict(.timestamp, [time], { "date_trunc('\(unit)', \($0[0]))" }) { values, faults in
            let time = OracleArithmetic.wide(values[0])
            let length = Int128(unit == "hour" ? 3_600_000_000 : 86_400_000_000)
            var start = (time % length == 0 ? time : time - (time % length + length) % length)
            func parts() -> CivilDate {
                CivilDate(daysSinceEpoch: Int64(start / 86_400_000_000))
            }
            while unit == "month" || unit == "year", parts().day > 1 { start -= length }
            while unit == "year", parts().month > 1 {
                start -= length * 28
                while parts().day > 1 { start -= length }
            }
            return OracleArithmetic.fit(start, .timestamp, &faults)
        }
    }
}

extension Sketch {
    fileprivate var parenthesised: Sketch { Sketch("(\(text))", 8, type, value) }

}

private func scalars(_ value: Scalar) -> [Unicode.Scalar] {
    guard case .string(let text) = value else { preconditionFailure("no text") }
    return Array(text.unicodeScalars)
}

private func string(_ scalars: [Unicode.Scalar]) -> Scalar {
    .string(String(String.UnicodeScalarView(scalars)))
}

/// By trying everything.
private func matches(
    _ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>, _ escapes: Bool
) -> Bool {
    guard let mark = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    if escapes, mark == "!" {
        guard let next = rest.first, text.first == next else { return false }
        return matches(text.dropFirst(), rest.dropFirst(), escapes)
    }
    if mark == "%" {
        return (0...text.count).contains { matches(text.dropFirst($0), rest, escapes) }
    }
    guard let first = text.first, mark == "_" || mark == first else { return false }
    return matches(text.dropFirst(), rest, escapes)
}
