import Values

// Decimals as operations on their digits without the point. The checker brings both operands of an
// addition or a comparison to one scale, so that no operation has to know it. No result has more
// than 38 digits: what would is an overflow.

private func addDecimals(_ left: Int128, _ right: Int128) -> (Int128, Fault) {
    inRange(left.addingReportingOverflow(right))
}

private func subtractDecimals(_ left: Int128, _ right: Int128) -> (Int128, Fault) {
    inRange(left.subtractingReportingOverflow(right))
}

private func multiplyDecimals(_ left: Int128, _ right: Int128) -> (Int128, Fault) {
    inRange(left.multipliedReportingOverflow(by: right))
}

private func inRange(_ outcome: (partialValue: Int128, overflow: Bool)) -> (Int128, Fault) {
    let fits = Decimal128.fits(
        outcome.partialValue, precision: Decimal128.greatestPrecision)
    return outcome.overflow || !fits ? (0, .overflow) : (outcome.partialValue, .none)
}

extension Overload {
    /// Of decimals, whose result type the checker knows.
    init(decimals count: Int, _ kernel: Kernel) {
        self.init(
            Array(repeating: .decimal, count: count),
            .decimal(precision: Decimal128.greatestPrecision, scale: 0), preparing: { _ in kernel })
    }

    var takesDecimals: Bool {
        if case .decimal = parameters.first { true } else { false }
    }
}

extension FunctionTable {
    /// What the operators and functions of other numbers do with decimals.
    static let ofDecimals: [String: Overload] = [
        "+": Overload(decimals: 2, .checked { (a: Int128, b: Int128) in addDecimals(a, b) }),
        "-": Overload(decimals: 2, .checked { (a: Int128, b: Int128) in subtractDecimals(a, b) }),
        "*": Overload(decimals: 2, .checked { (a: Int128, b: Int128) in multiplyDecimals(a, b) }),
        FormName.negation: Overload(decimals: 1, .map { (a: Int128) in 0 &- a }),
        "abs": Overload(decimals: 1, .map { (a: Int128) in a < 0 ? 0 &- a : a }),
        "=": Overload(decimals: 2, .map { (a: Int128, b: Int128) in a == b }),
        "!=": Overload(decimals: 2, .map { (a: Int128, b: Int128) in a != b }),
        "<": Overload(decimals: 2, .map { (a: Int128, b: Int128) in a < b }),
        "<=": Overload(decimals: 2, .map { (a: Int128, b: Int128) in a <= b }),
        ">": Overload(decimals: 2, .map { (a: Int128, b: Int128) in a > b }),
        ">=": Overload(decimals: 2, .map { (a: Int128, b: Int128) in a >= b }),
    ]
}
