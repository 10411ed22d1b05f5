public import Values

// Recursive descent, one level of precedence after the other:
//
//     or      = and { "or" and }                       not  = "not" not | comparison
//     and     = not { "and" not }                      join = sum { "||" sum }
//     sum     = product { ("+" | "-") product }
//     product = unary { ("*" | "/" | "//" | "%") unary }
//     unary   = "-" unary | primary
//     comparison = join [ compare join | ["not"] matching ] [ "is" ["not"] "null" ]
//     matching   = "between" join "and" join | "in" "(" or {"," or} ")"
//                | "like" join [ "escape" text ]
//     primary = literal | path | "(" or ")" | "[" or {"," or} "]" | name "(" [or {"," or}] ")"
//             | "cast" "(" or "as" T ")" | "case" [or] { "when" or "then" or } ["else" or] "end"
//
// Both the recursion and the depth of the tree are bounded, so that no text exhausts the stack.

private let greatestDepth = 200

extension TokenStream {
    /// Parses an expression as far as it goes; what follows is left in the stream.
    ///
    /// - Throws: a diagnostic at the first token that cannot stand where it stands.
    public mutating func parseExpression() throws(Diagnostic) -> ExpressionSyntax {
        try parse(.or)
    }

    mutating func parse(_ level: Precedence) throws(Diagnostic) -> ExpressionSyntax {
        switch level {
        case .or, .and, .concatenation, .sum, .product: try parseChain(level)
        case .not: try parseNot()
        case .comparison: try parseComparison()
        case .unary: try parseNegation()
        case .primary: try parsePrimary()
        }
    }

    mutating func enter() throws(Diagnostic) {
        depth += 1
        if depth > greatestDepth { throw tooDeep(at: peek.location) }
    }

    private func tooDeep(at location: SourceLocation) -> Diagnostic {
        Diagnostic(
            "the expression is nested deeper than \(greatestDepth) levels", at: location,
            hint: "split it into computed columns")
    }

    func span(from start: Token) -> SyntaxSpan {
        SyntaxSpan(location: start.location, length: max(1, endOffset - start.offset))
    }

    func finish(
        _ node: ExpressionSyntax.Node, from start: Token
    ) throws(Diagnostic) -> ExpressionSyntax {
        let expression = ExpressionSyntax(node, span: span(from: start))
        if expression.depth > greatestDepth { throw tooDeep(at: start.location) }
        return expression
    }

    private mutating func parseChain(
        _ level: Precedence
    ) throws(Diagnostic) -> ExpressionSyntax {
        let start = peek
        var left = try parse(level.next)
        while let name = peek.binaryOperator, Precedence(ofBinary: name) == level {
            let place = next()
            let right = try parse(level.next)
            left = try finish(.call(name, [left, right], at: place.span), from: start)
        }
        return left
    }

    private mutating func parseNot() throws(Diagnostic) -> ExpressionSyntax {
        let start = peek
        guard accept(.not) else { return try parse(.comparison) }
        try enter()
        defer { depth -= 1 }
        let operand = try parseNot()
        return try finish(.call(FormName.not, [operand], at: start.span), from: start)
    }

    private mutating func parseComparison() throws(Diagnostic) -> ExpressionSyntax {
        let start = peek
        var left = try parse(.concatenation)
        if let name = peek.comparison {
            let place = next()
            let right = try parse(.concatenation)
            left = try finish(.call(name, [left, right], at: place.span), from: start)
        } else if startsMatching {
            left = try parseMatching(left, from: start)
        }
        let place = peek
        if accept(.is) {
            let name = accept(.not) ? FormName.isNotNull : FormName.isNull
            try expect(.null, after: name == FormName.isNull ? "`is`" : "`is not`")
            left = try finish(.call(name, [left], at: span(from: place)), from: start)
        }
        if peek.comparison != nil || peek.kind == .keyword(.is) || startsMatching {
            throw Diagnostic(
                "comparisons do not chain", at: peek.location,
                hint: "write `a < b and b < c`, or use parentheses", length: peek.length)
        }
        return left
    }

    private mutating func parseNegation() throws(Diagnostic) -> ExpressionSyntax {
        let start = peek
        guard accept(.minus) else { return try parsePrimary() }
        if case .integer(let magnitude) = peek.kind {
            return try parseInteger(magnitude, isNegative: true, from: start)
        }
        try enter()
        defer { depth -= 1 }
        let operand = try parseNegation()
        switch operand.node {
        case .literal(.integer(let value), _) where value >= 0:
            return try finish(.literal(.integer(-value), .int64), from: start)
        case .literal(.double(let value), _) where value >= 0:
            return try finish(.literal(.double(value == 0 ? 0 : -value), .double), from: start)
        default:
            return try finish(.call(FormName.negation, [operand], at: start.span), from: start)
        }
    }

    private mutating func parsePrimary() throws(Diagnostic) -> ExpressionSyntax {
        let start = peek
        switch start.kind {
        case .integer(let magnitude):
            return try parseInteger(magnitude, isNegative: false, from: start)
        case .double(let value): return try literal(.double(value), .double)
        case .text(let text): return try literal(.string(text), .string)
        case .keyword(.true): return try literal(.bool(true), .bool)
        case .keyword(.false): return try literal(.bool(false), .bool)
        case .keyword(.null): return try literal(.null, .null)
        case .keyword(.cast): return try parseCast()
        case .keyword(.case): return try parseCase()
        case .symbol(.openBracket): return try parseList()
        case .keyword(.if) where peek(ahead: 1).kind == .symbol(.openParenthesis):
            return try parseCall(next(), FormName.conditional)
        case .name(let name): return try parseName(name)
        case .symbol(.openParenthesis): return try parseParentheses()
        case .duration: throw durationOutsideWindow(start)
        default: throw unexpected("a value", hint: valueHint(start))
        }
    }

    private func valueHint(_ token: Token) -> String? {
        switch token.kind {
        case .symbol(.dot): "a number needs a digit before its point: 0.5"
        case .keyword(.not): "put `not` and what follows in parentheses"
        case .keyword(.if): "write `if(condition, then, else)`"
        default: nil
        }
    }

    private func durationOutsideWindow(_ token: Token) -> Diagnostic {
        let count = token.text.prefix { $0.isNumber }
        let functions = ["s": "seconds", "m": "minutes", "h": "hours", "d": "days"]
        let hint = functions[String(token.text.dropFirst(count.count))].map { "`\($0)(\(count))`" }
        return Diagnostic(
            "`\(token.text)` stands in windows only", at: token.location,
            hint: "inside an expression write \(hint ?? "`seconds(x)` or `days(x)`")",
            length: token.length)
    }

    private mutating func literal(
        _ value: Scalar, _ type: DataType
    ) throws(Diagnostic) -> ExpressionSyntax {
        let start = next()
        return try finish(.literal(value, type), from: start)
    }

    private mutating func parseInteger(
        _ magnitude: UInt64, isNegative: Bool, from start: Token
    ) throws(Diagnostic) -> ExpressionSyntax {
        let token = next()
        let bound = UInt64(Int64.max) + (isNegative ? 1 : 0)
        guard magnitude <= bound else {
            throw Diagnostic(
                "\(isNegative ? "-" : "")\(magnitude) is beyond the range of int64",
                at: start.location, hint: "\(token.text).0 is a double", length: token.length)
        }
        let value = Int64(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)
        return try finish(.literal(.integer(value), .int64), from: start)
    }

    private mutating func parseParentheses() throws(Diagnostic) -> ExpressionSyntax {
        _ = next()
        try enter()
        defer { depth -= 1 }
        let inner = try parseExpression()
        try expect(.closeParenthesis, after: "the expression in parentheses")
        return inner
    }
}

extension TokenStream {
    private mutating func parseName(_ name: String) throws(Diagnostic) -> ExpressionSyntax {
        let start = next()
        let isPlain = !start.text.hasPrefix("`")
        if isPlain, accept(.openParenthesis) { return try parseArguments(of: name, start) }
        if isPlain, name == "timestamp", case .text(let text) = peek.kind {
            return try parseTimestamp(text, from: start)
        }
        var path = [name]
        while peek.kind == .symbol(.dot) {
            _ = next()
            path.append(try expectName("a name after `.`").name)
        }
        return try finish(.name(path), from: start)
    }

    private mutating func parseTimestamp(
        _ text: String, from start: Token
    ) throws(Diagnostic) -> ExpressionSyntax {
        let token = next()
        let time: EventTime
        do throws(EventTime.ParsingError) {
            time = try EventTime(parsing: text)
        } catch {
            throw noTimestamp(token, error == .withoutZone ? "has no zone" : "is no timestamp")
        }
        // The canonical text has to spell it again, and only years of four digits have a spelling.
        let year = CivilDate(daysSinceEpoch: time.daysSinceEpoch).year
        guard (0...9_999).contains(year) else {
            throw noTimestamp(token, "is beyond the years 0000 to 9999 in UTC")
        }
        return try finish(.literal(.timestamp(time), .timestamp), from: start)
    }

    private func noTimestamp(_ token: Token, _ reason: String) -> Diagnostic {
        Diagnostic(
            "\(token.text) \(reason)", at: token.location,
            hint: "write it as timestamp '2024-01-31T10:00:00Z', or with +01:00 for Z",
            length: token.length)
    }

    private mutating func parseCall(
        _ start: Token, _ name: String
    ) throws(Diagnostic) -> ExpressionSyntax {
        try expect(.openParenthesis, after: "`\(name)`")
        return try parseArguments(of: name, start)
    }

    private mutating func parseArguments(
        of name: String, _ start: Token
    ) throws(Diagnostic) -> ExpressionSyntax {
        try enter()
        defer { depth -= 1 }
        var arguments: [ExpressionSyntax] = []
        if !accept(.closeParenthesis) {
            repeat { arguments.append(try parseExpression()) } while accept(.comma)
            try expect(.closeParenthesis, after: "the arguments of `\(name)`")
        }
        return try finish(.call(name, arguments, at: start.span), from: start)
    }

    private mutating func parseCast() throws(Diagnostic) -> ExpressionSyntax {
        let start = next()
        try expect(.openParenthesis, after: "`cast`")
        try enter()
        defer { depth -= 1 }
        let operand = try parseExpression()
        try expect(.as, after: "the value to cast")
        let type = try parseType()
        try expect(.closeParenthesis, after: "the type")
        return try finish(.cast(operand, to: type), from: start)
    }

    /// A name; after `decimal`, `list` and `vector` what they say in brackets.
    private mutating func parseType() throws(Diagnostic) -> DataType {
        let (name, token) = try expectName("a type")
        var text = name
        if accept(.openParenthesis) {
            text += "(" + textBefore(.closeParenthesis) + ")"
        } else if accept(.less) {
            text += "<" + textBefore(.greater) + ">"
        }
        guard let type = DataType(parsing: text) else {
            throw Diagnostic(
                "unknown type `\(text)`", at: token.location,
                hint: "the types are \(Self.castTypes.joined(separator: ", "))",
                length: token.length)
        }
        return type
    }

    /// Takes everything before `symbol`, and that as well.
    private mutating func textBefore(_ symbol: Symbol) -> String {
        var text = ""
        while !isAtEnd, !accept(symbol) { text += next().text }
        return text
    }

    private static let castTypes = [
        "bool", "int32", "int64", "float", "double", "decimal(p,s)", "string", "timestamp",
        "date", "list<float>", "vector<float, n>",
    ]
}

extension Token {
    var span: SyntaxSpan { SyntaxSpan(location: location, length: length) }

    /// The name of the binary operator that it is.
    fileprivate var binaryOperator: String? {
        switch kind {
        case .symbol(let symbol): symbol.rawValue
        case .keyword(.and): FormName.and
        case .keyword(.or): FormName.or
        default: nil
        }
    }

    fileprivate var comparison: String? {
        binaryOperator.flatMap { Precedence(ofBinary: $0) == .comparison ? $0 : nil }
    }
}
