import Values

/// A call whose arguments are checked and whose own types are to be checked.
struct CheckedCall {
    let name: String
    let syntax: [ExpressionSyntax]
    let arguments: [TypedExpression]
    let place: SyntaxSpan
    let zones: ZoneCatalog

    func typed() throws(Diagnostic) -> TypedExpression {
        switch name {
        case FormName.and: try logical(.and)
        case FormName.or: try logical(.or)
        case FormName.isNull: TypedExpression(.form(.isNull, arguments), .bool)
        case FormName.isNotNull: TypedExpression(.form(.isNotNull, arguments), .bool)
        case FormName.conditional: try conditional()
        case FormName.coalesce: try ofOneType(.coalesce, atLeast: 1, example: "coalesce(x, 0)")
        case FormName.searchedCase: try searchedCase()
        case FormName.simpleCase: try simpleCase()
        case FormName.between: try comparing(.between, .bool)
        case FormName.membership: try comparing(.in, .bool)
        case FormName.nullIf: try nullIf()
        case FormName.least: try extreme(.least)
        case FormName.greatest: try extreme(.greatest)
        case FormName.concat: try concat()
        case FormName.list: try list()
        default: try function()
        }
    }

    func failure(_ message: String, hint: String?) -> Diagnostic {
        Diagnostic(message, at: place.location, hint: hint, length: place.length)
    }

    func failure(_ message: String, argument: Int, hint: String?) -> Diagnostic {
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

    private func requireAtLeast(_ count: Int, example: String) throws(Diagnostic) {
        guard arguments.count >= count else {
            throw failure(
                "`\(name)` takes at least \(count) argument\(count == 1 ? "" : "s"), "
                    + "\(arguments.count) given", hint: "write `\(example)`")
        }
    }

    /// The type that the arguments at `indices` have in common.
    private func commonType(
        of indices: some Sequence<Int>, _ verb: String = "gives"
    ) throws(Diagnostic) -> DataType {
        var type = DataType.null
        for index in indices {
            let other = arguments[index].type
            guard let common = DataType.common(type, other) else {
                throw failure(
                    "`\(spokenName)` \(verb) one type, but this is \(other) and before it stands "
                        + "\(type)",
                    argument: index, hint: Cast.suggestion(from: other, to: type))
            }
            type = common
        }
        return type
    }

    /// How a message names it.
    private var spokenName: String {
        name == FormName.simpleCase ? "case" : name == FormName.list ? "[ ]" : name
    }
}

extension CheckedCall {
    private func logical(_ form: TypedExpression.Form) throws(Diagnostic) -> TypedExpression {
        for index in arguments.indices { try requireBool(index, of: "an operand of `\(name)`") }
        return TypedExpression(.form(form, arguments.map { $0.widened(to: .bool) }), .bool)
    }

    private func conditional() throws(Diagnostic) -> TypedExpression {
        guard arguments.count == 3 else {
            throw failure(
                "`if` takes 3 arguments, \(arguments.count) given",
                hint: "write `if(condition, then, else)`")
        }
        try requireBool(0, of: "the condition of `if`")
        let type = try commonType(of: 1...2)
        let branches = arguments[1...].map { $0.widened(to: type) }
        return TypedExpression(
            .form(.conditional, [arguments[0].widened(to: .bool)] + branches), type)
    }

    private func ofOneType(
        _ form: TypedExpression.Form, atLeast count: Int, example: String
    ) throws(Diagnostic) -> TypedExpression {
        try requireAtLeast(count, example: example)
        let type = try commonType(of: arguments.indices)
        return TypedExpression(.form(form, arguments.map { $0.widened(to: type) }), type)
    }

    /// Makes sure that values of `type` can be compared.
    private func requireComparable(_ type: DataType) throws(Diagnostic) {
        guard
            FunctionTable.functions["="]?.overloads.contains(where: { $0.accepts([type, type]) })
                == true
        else {
            throw failure(
                "`\(spokenName)` is not defined for \(type)",
                hint: "it compares numbers, texts, bools, dates, timestamps and durations")
        }
    }

    /// A form over operands that are compared as one type.
    private func comparing(
        _ form: TypedExpression.Form, _ result: DataType
    ) throws(Diagnostic) -> TypedExpression {
        let type = try commonType(of: arguments.indices, "compares")
        try requireComparable(type)
        return TypedExpression(
            .form(form, arguments.map { $0.widened(to: comparedType(type)) }), result)
    }

    /// Comparisons have no kernels of their own for small numbers.
    private func comparedType(_ type: DataType) -> DataType {
        switch type {
        case .int32: .int64
        case .float: .double
        default: type
        }
    }

    private func nullIf() throws(Diagnostic) -> TypedExpression {
        guard arguments.count == 2 else {
            throw failure(
                "`nullif` takes 2 arguments, \(arguments.count) given",
                hint: "`nullif(x, 0)` is x, and null where x is 0")
        }
        let compared = try comparing(.nullIf, .null)
        guard case .form(_, let operands) = compared.node else { return compared }
        return TypedExpression(compared.node, operands[0].type)
    }

    private func extreme(_ form: TypedExpression.Form) throws(Diagnostic) -> TypedExpression {
        try requireAtLeast(2, example: "\(name)(a, b)")
        let compared = try comparing(form, .null)
        guard case .form(_, let operands) = compared.node else { return compared }
        return TypedExpression(compared.node, operands[0].type)
    }

    private func concat() throws(Diagnostic) -> TypedExpression {
        try requireAtLeast(1, example: "concat(a, b)")
        for (index, argument) in arguments.enumerated()
        where argument.type != .string && argument.type != .null {
            throw failure(
                "`concat` joins strings, this is \(argument.type)", argument: index,
                hint: Cast.exists(from: argument.type, to: .string)
                    ? "write cast(x as string)" : nil)
        }
        return TypedExpression(.form(.concat, arguments.map { $0.widened(to: .string) }), .string)
    }

    private func list() throws(Diagnostic) -> TypedExpression {
        let type = try commonType(of: arguments.indices, "holds")
        if type == .null || type == .duration {
            throw failure("a list of \(type) is no value", hint: nil)
        }
        return TypedExpression(
            .form(.list, arguments.map { $0.widened(to: type) }), .list(type))
    }
}

extension CheckedCall {
    private func searchedCase() throws(Diagnostic) -> TypedExpression {
        let pairs = arguments.count / 2
        for index in 0..<pairs { try requireBool(index * 2, of: "the condition of `when`") }
        let labels = (0..<pairs).map { arguments[$0 * 2].widened(to: .bool) }
        return try cases(.searchedCase, subject: nil, labels, firstResult: 1)
    }

    private func simpleCase() throws(Diagnostic) -> TypedExpression {
        let pairs = (arguments.count - 1) / 2
        let labels = [0] + (0..<pairs).map { $0 * 2 + 1 }
        let type = try commonType(of: labels, "compares")
        try requireComparable(type)
        let compared = labels.map { arguments[$0].widened(to: comparedType(type)) }
        return try cases(
            .simpleCase, subject: compared[0], Array(compared.dropFirst()), firstResult: 2)
    }

    /// Puts labels and results together again; an `else null` says nothing and is left out.
    private func cases(
        _ form: TypedExpression.Form, subject: TypedExpression?, _ labels: [TypedExpression],
        firstResult: Int
    ) throws(Diagnostic) -> TypedExpression {
        var results = labels.indices.map { firstResult + $0 * 2 }
        if (arguments.count - firstResult) % 2 == 0 { results.append(arguments.count - 1) }
        let type = try commonType(of: results)
        var operands = subject.map { [$0] } ?? []
        for (position, result) in results.enumerated() {
            let value = arguments[result].widened(to: type)
            if position < labels.count {
                operands += [labels[position], value]
            } else if value.node != .literal(.null) {
                operands.append(value)
            }
        }
        return TypedExpression(.form(form, operands), type)
    }
}
