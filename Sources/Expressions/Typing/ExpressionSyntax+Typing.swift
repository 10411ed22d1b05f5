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
            return try typedCall(name, arguments, typed, place)
        }
    }

    private func typedCall(
        _ name: String, _ syntax: [ExpressionSyntax], _ arguments: [TypedExpression],
        _ place: SyntaxSpan
    ) throws(Diagnostic) -> TypedExpression {
        let call = CheckedCall(name: name, syntax: syntax, arguments: arguments, place: place)
        switch name {
        case FormName.and: return try call.logical(.and)
        case FormName.or: return try call.logical(.or)
        case FormName.isNull: return TypedExpression(.form(.isNull, arguments), .bool)
        case FormName.isNotNull: return TypedExpression(.form(.isNotNull, arguments), .bool)
        case FormName.conditional: return try call.conditional()
        case FormName.coalesce: return try call.coalesce()
        default: return try call.function()
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

/// A call whose arguments are checked and whose own types are to be checked.
private struct CheckedCall {
    let name: String
    let syntax: [ExpressionSyntax]
    let arguments: [TypedExpression]
    let place: SyntaxSpan

    private func failure(_ message: String, hint: String?) -> Diagnostic {
        Diagnostic(message, at: place.location, hint: hint, length: place.length)
    }

    private func failure(_ message: String, argument: Int, hint: String?) -> Diagnostic {
        Diagnostic(
            message, at: syntax[argument].location, hint: hint, length: syntax[argument].length)
    }

    private func requireBool(_ argument: Int, of what: String) throws(Diagnostic) {
        let type = arguments[argument].type
        guard type == .bool || type == .null else {
            throw failure(
                "\(what) must be bool, this is \(type)", argument: argument,
                hint: "compare it, for example with `!= \(type == .string ? "''" : "0")`")
        }
    }

    func logical(_ form: TypedExpression.Form) throws(Diagnostic) -> TypedExpression {
        for index in arguments.indices { try requireBool(index, of: "an operand of `\(name)`") }
        return TypedExpression(.form(form, arguments.map { $0.widened(to: .bool) }), .bool)
    }

    func conditional() throws(Diagnostic) -> TypedExpression {
        guard arguments.count == 3 else {
            throw failure(
                "`if` takes 3 arguments, \(arguments.count) given",
                hint: "write `if(condition, then, else)`")
        }
        try requireBool(0, of: "the condition of `if`")
        let type = try commonType(of: 1...)
        let branches = arguments[1...].map { $0.widened(to: type) }
        return TypedExpression(
            .form(.conditional, [arguments[0].widened(to: .bool)] + branches), type)
    }

    func coalesce() throws(Diagnostic) -> TypedExpression {
        guard !arguments.isEmpty else {
            throw failure("`coalesce` takes at least 1 argument", hint: "write `coalesce(x, 0)`")
        }
        let type = try commonType(of: 0...)
        return TypedExpression(.form(.coalesce, arguments.map { $0.widened(to: type) }), type)
    }

    private func commonType(of range: PartialRangeFrom<Int>) throws(Diagnostic) -> DataType {
        var type = DataType.null
        for index in range.relative(to: arguments) {
            let other = arguments[index].type
            guard let common = DataType.common(type, other) else {
                throw failure(
                    "`\(name)` gives one type, but this is \(other) and before it stands \(type)",
                    argument: index, hint: Cast.suggestion(from: other, to: type))
            }
            type = common
        }
        return type
    }

    func function() throws(Diagnostic) -> TypedExpression {
        guard let function = FunctionTable.functions[name] else { throw unknownFunction() }
        let types = arguments.map(\.type)
        guard let index = function.overloads.firstIndex(where: { $0.accepts(types) }) else {
            throw mismatch(function, types)
        }
        let overload = function.overloads[index]
        let widened = zip(arguments, overload.parameters).map { $0.widened(to: $1) }
        return TypedExpression(.call(name, overload: index, widened), overload.result)
    }

    private func unknownFunction() -> Diagnostic {
        let nearest = nearestName(to: name, among: FunctionTable.callableNames)
        let all = FunctionTable.callableNames.sorted().joined(separator: ", ")
        return failure(
            "unknown function `\(name)`",
            hint: nearest.map { "did you mean `\($0)`?" } ?? "the functions are \(all)")
    }

    private func mismatch(_ function: Function, _ types: [DataType]) -> Diagnostic {
        let count = function.overloads[0].parameters.count
        guard types.count == count else {
            return failure(
                "`\(name)` takes \(count) argument\(count == 1 ? "" : "s"), \(types.count) given",
                hint: nil)
        }
        let sign = name == FormName.negation ? "-" : name
        let given = types.map(\.description).joined(separator: " and ")
        return failure("`\(sign)` is not defined for \(given)", hint: remedy(function, types))
    }

    private func remedy(_ function: Function, _ types: [DataType]) -> String {
        if ["//", "%"].contains(name), types.allSatisfy(\.isNumeric) {
            return "`\(name)` takes integers: cast(x as int64), or divide doubles with `/`"
        }
        if types.contains(.timestamp), types.contains(where: \.isNumeric) {
            return "say which unit the number has: seconds(x), minutes(x), hours(x), days(x)"
        }
        if types.contains(.timestamp), types.contains(.string) {
            return "a point in time is written timestamp '2024-01-31T10:00:00Z'"
        }
        if types.contains(.duration), types.contains(where: \.isNumeric) {
            return "a duration over a duration is a number: x / minutes(1)"
        }
        if types.count == 2, let cast = Cast.suggestion(from: types[0], to: types[1]) {
            return cast
        }
        let accepted = function.overloads.map {
            $0.parameters.map(\.description).joined(separator: " and ")
        }
        return "it takes \(accepted.joined(separator: ", or "))"
    }
}
