public import Values

extension ExpressionSyntax {
    /// Checks the expression and gives every name its meaning.
    ///
    /// - Throws: a diagnostic at the operator, function, argument or name that is wrong; it names
    ///   both types and the remedy.
    public func typed(in scope: Scope) throws(Diagnostic) -> TypedExpression {
        switch node {
        case .literal(let value, let type): return TypedExpression(.literal(value), type)
        case .name:
            guard let reference else { preconditionFailure("a name has a reference") }
            let (column, type) = try scope.resolve(reference)
            return .column(column, type)
        case .cast(let operand, let type):
            return try typedCast(of: operand, to: type, in: scope)
        case .call(let name, let arguments, let place):
            var typed: [TypedExpression] = []
            for argument in arguments { typed.append(try argument.typed(in: scope)) }
            return try CheckedCall(
                name: name, syntax: arguments, arguments: typed, place: place, zones: scope.zones
            ).typed()
        }
    }

    private func typedCast(
        of syntax: ExpressionSyntax, to type: DataType, in scope: Scope
    ) throws(Diagnostic) -> TypedExpression {
        let operand = try syntax.typed(in: scope)
        if operand.node == .literal(.null) { return TypedExpression(.cast(operand), type) }
        guard Cast.exists(from: operand.type, to: type) else {
            throw Diagnostic(
                "\(operand.type) cannot be cast to \(type)", at: location,
                hint: Cast.remedy(from: operand.type, to: type), length: length)
        }
        return TypedExpression(.cast(operand), type)
    }
}
