import Values

extension Cast {
    /// What makes a decimal of `precision` and `scale`; nil where the digits stay as they are.
    static func toDecimal(_ source: DataType, precision: Int, scale: Int) -> Kernel? {
        switch source {
        case .decimal(let ownPrecision, let ownScale):
            if ownScale == scale, ownPrecision <= precision { return nil }
            return .checked { (digits: Int128) in
                rescaled(digits, from: ownScale, precision, scale)
            }
        case .int32:
            return .checked { (value: Int32) in rescaled(Int128(value), from: 0, precision, scale) }
        case .int64:
            return .checked { (value: Int64) in rescaled(Int128(value), from: 0, precision, scale) }
        case .float:
            return .checked { (value: Float) in rounded(Double(value), precision, scale) }
        case .double:
            return .checked { (value: Double) in rounded(value, precision, scale) }
        case .string:
            return .checked { (text: Text) in
                let number = unsafe Decimal128(
                    parsing: text.buffer, precision: precision, scale: scale)
                return number.map { ($0.unscaled, .none) } ?? (0, .badCast)
            }
        default: return nil
        }
    }
}

private func rescaled(
    _ digits: Int128, from ownScale: Int, _ precision: Int, _ scale: Int
) -> (Int128, Fault) {
    let result = Decimal128(unscaled: digits, scale: ownScale)
        .rescaled(precision: precision, scale: scale)
    return result.map { ($0.unscaled, .none) } ?? (0, .badCast)
}

private func rounded(_ value: Double, _ precision: Int, _ scale: Int) -> (Int128, Fault) {
    let result = Decimal128(rounding: value, precision: precision, scale: scale)
    return result.map { ($0.unscaled, .none) } ?? (0, .badCast)
}
