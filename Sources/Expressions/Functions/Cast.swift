import Values

/// Which casts exist and what they do.
enum Cast {
    /// Whether `cast(x as target)` exists for an x of type `source`.
    static func exists(from source: DataType, to target: DataType) -> Bool {
        let areNumbers = [source, target].allSatisfy { $0.isNumeric || $0.isDecimal }
        if source == target || areNumbers { return true }
        return switch (source, target) {
        case (.list(.float), .vector), (.vector, .list(.float)), (.null, _), (.string, .bool),
            (.bool, .string), (.timestamp, .date),
            (.date, .timestamp):
            true
        case (.string, _): target.isNumeric || target.isDecimal
        case (.bool, _): target.isInteger
        case (_, .string): source.isInteger || source.isDecimal
        default: false
        }
    }

    /// What to write in place of a cast that does not exist.
    static func remedy(from source: DataType, to target: DataType) -> String? {
        switch (source, target) {
        case (.bool, _) where target.isFloatingPoint || target.isDecimal: "cast it to int64 first"
        case (_, .bool) where source.isNumeric || source.isDecimal: "compare it: x != 0"
        case (_, .string) where source.isFloatingPoint:
            "doubles have no text; cast to int64 first"
        case (.duration, _) where target.isNumeric:
            "a duration over a duration is a number: x / minutes(1)"
        case (_, .timestamp) where source.isNumeric || source.isDecimal:
            "add it to a point in time: timestamp '1970-01-01T00:00:00Z' + seconds(x)"
        case (.string, .timestamp):
            "declare the column as timestamp in the source's schema"
        default: nil
        }
    }

    /// How to make two types meet by a cast, as the hint of a message.
    static func suggestion(from source: DataType, to target: DataType) -> String? {
        if source != .string, !source.isDecimal, target == .string {
            return exists(from: target, to: source) && source != .bool
                ? "cast(x as \(source)) makes the string a number" : nil
        }
        guard source != target, exists(from: source, to: target) else { return nil }
        return "cast(x as \(target)) converts the \(source)"
    }
}

extension Cast {
    /// What converts; nil where both types have one layout and one meaning.
    static func kernel(from source: DataType, to target: DataType) -> Kernel? {
        if source == target { return nil }
        return switch target {
        case .decimal(let precision, let scale):
            toDecimal(source, precision: precision, scale: scale)
        case .vector(let length): toVector(length: length)
        case .bool: .checked(truth(_:))
        case .int32: toInt32(source)
        case .int64: toInt64(source)
        case .float: toFloat(source)
        case .double: toDouble(source)
        case .string: toText(source)
        case .timestamp: .checked(midnight(_:))
        case .date:
            .map { (time: Int64) in
                Int32(truncatingIfNeeded: EventTime(microseconds: time).daysSinceEpoch)
            }
        default: nil
        }
    }

    private static func toInt32(_ source: DataType) -> Kernel? {
        switch source {
        case .bool: .map { (value: Bool) in value ? 1 as Int32 : 0 }
        case .int64: .checked { (value: Int64) in narrowed(value) }
        case .float: .checked { (value: Float) in narrowed(truncated(Double(value))) }
        case .double: .checked { (value: Double) in narrowed(truncated(value)) }
        case .decimal(_, let scale):
            .checked { (digits: Int128) in narrowed(truncated(digits, scale)) }
        case .string: .checked { (text: Text) in narrowed(found(NumberText.integer(text), 0)) }
        default: nil
        }
    }

    private static func toInt64(_ source: DataType) -> Kernel? {
        switch source {
        case .bool: .map { (value: Bool) in value ? 1 as Int64 : 0 }
        case .int32: .map { (value: Int32) in Int64(value) }
        case .float: .checked { (value: Float) in truncated(Double(value)) }
        case .double: .checked { (value: Double) in truncated(value) }
        case .decimal(_, let scale): .checked { (digits: Int128) in truncated(digits, scale) }
        case .string: .checked { (text: Text) in found(NumberText.integer(text), 0) }
        default: nil
        }
    }

    private static func toFloat(_ source: DataType) -> Kernel? {
        switch source {
        case .int32: .map { (value: Int32) in Float(value) }
        case .int64: .map { (value: Int64) in Float(value) }
        case .double: .map { (value: Double) in Float(value) }
        case .decimal(_, let scale):
            .map { (digits: Int128) in
                Float(Decimal128(unscaled: digits, scale: scale).description) ?? 0
            }
        case .string: .checked { (text: Text) in found(NumberText.float(text), 0) }
        default: nil
        }
    }

    private static func toDouble(_ source: DataType) -> Kernel? {
        switch source {
        case .int32: .map { (value: Int32) in Double(value) }
        case .int64: .map { (value: Int64) in Double(value) }
        case .float: .map { (value: Float) in Double(value) }
        case .decimal(_, let scale):
            .map { (digits: Int128) in Decimal128(unscaled: digits, scale: scale).double }
        case .string: .checked { (text: Text) in found(NumberText.double(text), 0) }
        default: nil
        }
    }

    private static func toText(_ source: DataType) -> Kernel? {
        switch source {
        case .bool:
            .text { (value: Bool, text) in
                text.append(contentsOf: (value ? "true" : "false").utf8)
                return .none
            }
        case .int32:
            .text { (value: Int32, text) in
                text.append(contentsOf: String(value).utf8)
                return .none
            }
        case .int64:
            .text { (value: Int64, text) in
                text.append(contentsOf: String(value).utf8)
                return .none
            }
        case .decimal(_, let scale):
            .text { (digits: Int128, text) in
                let number = Decimal128(unscaled: digits, scale: scale)
                text.append(contentsOf: number.description.utf8)
                return .none
            }
        default: nil
        }
    }
}

/// The integer before the point of a decimal.
private func truncated(_ digits: Int128, _ scale: Int) -> (Int64, Fault) {
    let whole = Decimal128(unscaled: digits, scale: scale).truncated
    return Int64(exactly: whole).map { ($0, .none) } ?? (0, .badCast)
}

@Sendable
private func truth(_ text: Text) -> (Bool, Fault) {
    if unsafe text.buffer.elementsEqual("true".utf8) { return (true, .none) }
    let isFalse = unsafe text.buffer.elementsEqual("false".utf8)
    return (false, isFalse ? .none : .badCast)
}

private func found<Value>(_ value: Value?, _ none: Value) -> (Value, Fault) {
    if let value { (value, .none) } else { (none, .badCast) }
}

@Sendable
private func midnight(_ days: Int32) -> (Int64, Fault) {
    let (time, overflow) = Int64(days).multipliedReportingOverflow(by: 86_400_000_000)
    return (time, overflow ? .overflow : .none)
}

/// The integer that remains without the fraction.
@Sendable @inline(__always)
private func truncated(_ value: Double) -> (Int64, Fault) {
    let isInRange = value >= -0x1p63 && value < 0x1p63
    return isInRange ? (Int64(value), .none) : (0, .badCast)
}

@Sendable @inline(__always)
private func narrowed(_ value: Int64) -> (Int32, Fault) {
    let narrow = Int32(truncatingIfNeeded: value)
    return (narrow, Int64(narrow) == value ? .none : .badCast)
}

@inline(__always)
private func narrowed(_ outcome: (Int64, Fault)) -> (Int32, Fault) {
    outcome.1 == .none ? narrowed(outcome.0) : (0, outcome.1)
}
