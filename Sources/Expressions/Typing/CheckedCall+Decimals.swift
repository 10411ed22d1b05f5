import Values

// The types of operators on decimals, as SQL has them. An integer that meets a decimal becomes one,
// exactly; a float makes doubles of both.

extension CheckedCall {
    /// The call of an operator on decimals, integers among them; nil when it is none.
    ///
    /// - Throws: a diagnostic when no decimal has digits enough.
    func decimalCall(_ function: Function) throws(Diagnostic) -> TypedExpression? {
        guard let index = function.overloads.firstIndex(where: \.takesDecimals),
            function.overloads[index].parameters.count == arguments.count,
            arguments.contains(where: { $0.type.isDecimal }),
            arguments.allSatisfy({ $0.type.isDecimal || $0.type.isInteger || $0.type == .null })
        else { return nil }
        let types = arguments.map(\.decimalType)
        func call(_ operands: [TypedExpression], _ result: DataType) -> TypedExpression {
            TypedExpression(.call(name, overload: index, operands), result)
        }
        if name == "*" {
            guard let product = DataType.product(types) else { throw tooWide(types) }
            let operands = zip(arguments, types).map { argument, type in
                argument.widened(to: type == .null ? .decimal(precision: 1, scale: 0) : type)
            }
            return call(operands, product)
        }
        guard let common = DataType.union(types) else { throw tooWide(types) }
        let aligned = arguments.map { $0.widened(to: common) }
        switch name {
        case "+", "-": return call(aligned, common.withOneMoreDigit)
        case FormName.negation, "abs": return call(aligned, common)
        default: return call(aligned, .bool)
        }
    }

    private func tooWide(_ types: [DataType]) -> Diagnostic {
        let given = types.map(\.description).joined(separator: " and ")
        return failure(
            "`\(name)` of \(given) needs more than \(Decimal128.greatestPrecision) digits",
            hint: "cast one of them to fewer digits, or to double")
    }
}

extension TypedExpression {
    /// The decimal type that holds all values of a decimal or an integer.
    fileprivate var decimalType: DataType {
        guard case .literal(.integer(let value)) = node else { return type.asDecimal ?? type }
        return .decimal(precision: String(value.magnitude).count, scale: 0)
    }
}

extension DataType {
    /// A decimal itself; an integer as a decimal of all its digits; nil for everything else.
    var asDecimal: DataType? {
        switch self {
        case .decimal: self
        case .int32: .decimal(precision: 10, scale: 0)
        case .int64: .decimal(precision: 19, scale: 0)
        default: nil
        }
    }

    /// The decimal that holds the values of all, nulls apart; nil when there is none.
    fileprivate static func union(_ types: [DataType]) -> DataType? {
        var result = DataType.null
        for type in types where type != .null {
            guard let wider = result == .null ? type : union(result, type) else { return nil }
            result = wider
        }
        return result
    }

    /// The decimal with the digits of both on either side of the point; nil when that are too many.
    static func union(_ left: DataType, _ right: DataType) -> DataType? {
        guard case .decimal(let precision, let scale)? = left.asDecimal,
            case .decimal(let otherPrecision, let otherScale)? = right.asDecimal
        else { return nil }
        let places = max(scale, otherScale)
        let digits = max(precision - scale, otherPrecision - otherScale) + places
        return digits <= Decimal128.greatestPrecision
            ? .decimal(precision: digits, scale: places) : nil
    }

    /// With room for a carry, as long as there is any.
    fileprivate var withOneMoreDigit: DataType {
        guard case .decimal(let precision, let scale) = self else { return self }
        return .decimal(
            precision: min(precision + 1, Decimal128.greatestPrecision), scale: scale)
    }

    /// The type of a product: the digits and the places of both together; nil when the places alone
    /// are too many.
    fileprivate static func product(_ types: [DataType]) -> DataType? {
        var (digits, places) = (0, 0)
        for case .decimal(let precision, let scale) in types {
            digits += precision
            places += scale
        }
        guard places <= Decimal128.greatestPrecision else { return nil }
        return .decimal(precision: min(digits, Decimal128.greatestPrecision), scale: places)
    }
}
