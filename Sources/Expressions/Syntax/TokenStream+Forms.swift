import Values

// The forms of SQL that are no calls: `between`, `in`, `like`, `case`, and lists in brackets.

extension TokenStream {
    /// Whether `between`, `in` or `like` comes next, perhaps after `not`.
    var startsMatching: Bool {
        switch (peek.kind, peek(ahead: 1).kind) {
        case (.keyword(.between), _), (.keyword(.in), _), (.keyword(.like), _),
            (.keyword(.not), .keyword(.between)), (.keyword(.not), .keyword(.in)),
            (.keyword(.not), .keyword(.like)):
            true
        default: false
        }
    }

    /// What follows `subject`; `not` stands outside of the whole.
    mutating func parseMatching(
        _ subject: ExpressionSyntax, from start: Token
    ) throws(Diagnostic) -> ExpressionSyntax {
        try enter()
        defer { depth -= 1 }
        let first = peek
        let isNegated = accept(.not)
        let place = next()
        var operands = [subject]
        let name: String
        switch place.kind {
        case .keyword(.between):
            name = FormName.between
            operands.append(try parse(.concatenation))
            try expect(.and, after: "the lower bound of `between`")
            operands.append(try parse(.concatenation))
        case .keyword(.in):
            name = FormName.membership
            operands += try parseItems()
        default:
            name = FormName.like
            operands.append(try parse(.concatenation))
            if let escape = try parseEscape() { operands.append(escape) }
        }
        let match = try finish(.call(name, operands, at: place.span), from: start)
        return isNegated
            ? try finish(.call(FormName.not, [match], at: first.span), from: start) : match
    }

    private mutating func parseItems() throws(Diagnostic) -> [ExpressionSyntax] {
        try expect(.openParenthesis, after: "`in`")
        var items: [ExpressionSyntax] = []
        repeat { items.append(try parseExpression()) } while accept(.comma)
        try expect(.closeParenthesis, after: "the values of `in`")
        return items
    }

    private mutating func parseEscape() throws(Diagnostic) -> ExpressionSyntax? {
        guard case .name("escape") = peek.kind else { return nil }
        _ = next()
        let token = peek
        guard case .text(let text) = token.kind else {
            throw unexpected("a text after `escape`", hint: "write `like '50!%' escape '!'`")
        }
        _ = next()
        return try finish(.literal(.string(text), .string), from: token)
    }

    /// `case when c then a else b end`, or `case x when v then a else b end`.
    mutating func parseCase() throws(Diagnostic) -> ExpressionSyntax {
        let start = next()
        try enter()
        defer { depth -= 1 }
        var operands: [ExpressionSyntax] = []
        let isSearched = peek.kind == .keyword(.when)
        if !isSearched { operands.append(try parseExpression()) }
        repeat {
            try expect(.when, after: operands.isEmpty ? "`case`" : "the value of `case`")
            operands.append(try parseExpression())
            try expect(.then, after: "what `when` looks for")
            operands.append(try parseExpression())
        } while peek.kind == .keyword(.when)
        if accept(.else) { operands.append(try parseExpression()) }
        try expect(.end, after: "the last result of `case`")
        let name = isSearched ? FormName.searchedCase : FormName.simpleCase
        return try finish(.call(name, operands, at: start.span), from: start)
    }

    /// `[1, 2, 3]`.
    mutating func parseList() throws(Diagnostic) -> ExpressionSyntax {
        let start = next()
        try enter()
        defer { depth -= 1 }
        var items: [ExpressionSyntax] = []
        repeat { items.append(try parseExpression()) } while accept(.comma)
        try expect(.closeBracket, after: "the elements of the list")
        return try finish(.call(FormName.list, items, at: start.span), from: start)
    }
}
