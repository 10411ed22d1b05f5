import Values

/// Reads `[+-]?digits`.
func parseInteger<Value: FixedWidthInteger>(
    _ text: Span<UInt8>, as type: Value.Type
) -> ParsedValue<Value> {
    var index = 0
    var isNegative = false
    if !text.isEmpty, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
        isNegative = text[0] == UInt8(ascii: "-")
        index = 1
    }
    guard index < text.count else { return .malformed }
    var total: Value = 0
    var isInRange = true
    while index < text.count {
        let digit = text[index] &- UInt8(ascii: "0")
        guard digit <= 9 else { return .malformed }
        let (tens, overflow) = total.multipliedReportingOverflow(by: 10)
        let (sum, carry) =
            isNegative
            ? tens.subtractingReportingOverflow(Value(digit))
            : tens.addingReportingOverflow(Value(digit))
        isInRange = isInRange && !overflow && !carry
        total = sum
        index += 1
    }
    return isInRange ? .value(total) : .outOfRange
}

/// Reads a number that a decimal of that size holds exactly.
func parseDecimal(
    _ text: Span<UInt8>, precision: Int, scale: Int
) -> ParsedValue<Int128> {
    let number = unsafe text.withUnsafeBufferPointer {
        unsafe Decimal128(parsing: $0, precision: precision, scale: scale)
    }
    return number.map { .value($0.unscaled) } ?? .malformed
}

/// A decimal number taken apart: `mantissa * 10 ^ exponent`.
private struct DecimalText {
    var mantissa: UInt64 = 0
    var exponent = 0
    var isNegative = false
    /// Whether the mantissa holds every digit.
    var isExact = true
    var digitCount = 0

    /// Reads `[+-]? digits [. digits] [(e|E) [+-]? digits]`; nil for anything else.
    init?(_ text: Span<UInt8>) {
        var index = 0
        if !text.isEmpty, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            index = 1
        }
        takeDigits(text, &index, exponentStep: 0)
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            takeDigits(text, &index, exponentStep: -1)
        }
        guard digitCount > 0 else { return nil }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            let rest = text.extracting((index + 1)..<text.count)
            guard case .value(let written) = parseInteger(rest, as: Int16.self) else {
                isExact = false
                return
            }
            exponent += Int(written)
        } else if index < text.count {
            return nil
        }
    }

    private mutating func takeDigits(
        _ text: Span<UInt8>, _ index: inout Int, exponentStep: Int
    ) {
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return }
            if mantissa < 900_000_000_000_000_000 {
                mantissa = mantissa * 10 + UInt64(digit)
                exponent += exponentStep
            } else {
                isExact = false
            }
            digitCount += 1
            index += 1
        }
    }
}

/// The powers of ten that a double holds exactly.
private let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

/// Reads a decimal number, `nan`, `inf` or `infinity`, rounded once to the nearest double.
///
/// Short numbers take Clinger's exact path (one multiplication or division of exact doubles);
/// the rest goes to the standard library.
func parseDouble(_ text: Span<UInt8>) -> ParsedValue<Double> {
    guard let decimal = DecimalText(text) else { return parseNonFinite(text) }
    let isShort = decimal.isExact && decimal.mantissa <= 1 << 53 && abs(decimal.exponent) <= 22
    guard isShort else { return parseLong(text) { Double($0) } }
    let magnitude = Double(decimal.mantissa)
    let power = exactPowers[abs(decimal.exponent)]
    let value = decimal.exponent < 0 ? magnitude / power : magnitude * power
    return .value(decimal.isNegative ? -value : value)
}

/// Reads as `parseDouble`, rounded once to the nearest float.
func parseFloat(_ text: Span<UInt8>) -> ParsedValue<Float> {
    guard DecimalText(text) != nil else {
        guard case .value(let value) = parseNonFinite(text) else { return .malformed }
        return .value(Float(value))
    }
    return parseLong(text) { Float($0) }
}

private func parseLong<Value: BinaryFloatingPoint>(
    _ text: Span<UInt8>, _ parse: (String) -> Value?
) -> ParsedValue<Value> {
    guard let value = parse(string(text)) else { return .malformed }
    return value.isFinite ? .value(value) : .outOfRange
}

private func parseNonFinite(_ text: Span<UInt8>) -> ParsedValue<Double> {
    guard text.count <= 9 else { return .malformed }
    switch string(text).lowercased() {
    case "nan", "+nan", "-nan": return .value(.nan)
    case "inf", "+inf", "infinity", "+infinity": return .value(.infinity)
    case "-inf", "-infinity": return .value(-.infinity)
    default: return .malformed
    }
}

/// Reads `true` or `false`, in lower, upper or title case, or 1 or 0.
func parseBool(_ text: Span<UInt8>) -> ParsedValue<Bool> {
    guard text.count <= 5 else { return .malformed }
    switch string(text) {
    case "true", "TRUE", "True", "1": return .value(true)
    case "false", "FALSE", "False", "0": return .value(false)
    default: return .malformed
    }
}

/// A copy of `text`; broken UTF-8 is replaced.
func string(_ text: Span<UInt8>) -> String { String(decoding: array(text), as: UTF8.self) }

/// A copy of `text`.
func array(_ text: Span<UInt8>) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: text.count) { buffer, count in
        for index in 0..<text.count { unsafe buffer[index] = text[index] }
        count = text.count
    }
}
