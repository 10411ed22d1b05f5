import Aggregates
import Expressions
public import Values

extension FeatureBody {
    /// Parses the text of a feature: an aggregate, or an expression over the newest row.
    ///
    /// - Parameter text: the scalar.
    /// - Throws: a diagnostic at the first token that cannot stand where it stands.
    public init(parsing text: ScalarText) throws(Diagnostic) {
        self = try text.parsing { tokens throws(Diagnostic) in
            var parser = FeatureParser(text: text, tokens: tokens)
            return try parser.parse()
        }
    }
}

private struct FeatureParser {
    let text: ScalarText
    var tokens: TokenStream
    /// Whether the text begins with the call of a function.
    private var isCall = false

    init(text: ScalarText, tokens: TokenStream) {
        self.text = text
        self.tokens = tokens
    }

    mutating func parse() throws(Diagnostic) -> FeatureBody {
        let first = tokens.peek
        isCall = calledName != nil
        if let name = calledName {
            if AggregateFunction.allNames.contains(name) { return try parseAggregate() }
            if let error = AggregateMisuse.unknownCall(of: name, at: first) { throw error }
        }
        if let error = aggregateWithoutParentheses { throw error }
        if let error = AggregateMisuse.insideExpression(tokens) { throw error }
        let syntax = try tokens.parseExpression()
        if let clause = tokens.peek.clause { throw noAggregate(first, before: clause) }
        try tokens.expectEnd("an operator or the end")
        return .latest(ExpressionText(syntax, scalar: text.scalar))
    }

    /// The name that an opening parenthesis follows.
    private var calledName: String? {
        guard case .name(let name) = tokens.peek.kind, !tokens.peek.text.hasPrefix("`"),
            tokens.peek(ahead: 1).kind == .symbol(.openParenthesis)
        else { return nil }
        return name
    }

    private var aggregateWithoutParentheses: Diagnostic? {
        guard case .name(let name) = tokens.peek.kind, AggregateFunction.allNames.contains(name),
            case .name(let argument) = tokens.peek(ahead: 1).kind
        else { return nil }
        return diagnostic(
            "the argument of `\(name)` stands in parentheses", at: tokens.peek(ahead: 1),
            hint: "write `\(name)(\(argument))`")
    }

    private func noAggregate(_ first: Token, before clause: String) -> Diagnostic {
        guard case .name(let name) = first.kind else {
            return diagnostic(
                "`\(clause)` needs an aggregate before it", at: first,
                hint: "there are \(AggregateWords.list)")
        }
        guard isCall else {
            return diagnostic(
                "`\(name)` is no aggregate, so `\(clause)` cannot follow", at: first,
                hint: "aggregate it, as in `mean(\(name))`; there are \(AggregateWords.list)")
        }
        let guess = AggregateMisuse.intended(by: name)
        return diagnostic(
            "`\(name)` is no aggregate, so `\(clause)` cannot follow", at: first,
            hint: guess.map { "did you mean `\($0)`?" } ?? "there are \(AggregateWords.list)")
    }

    private func diagnostic(_ message: String, at token: Token, hint: String?) -> Diagnostic {
        Diagnostic(message, at: token.location, hint: hint, length: max(1, token.length))
    }
}

extension FeatureParser {
    private mutating func parseAggregate() throws(Diagnostic) -> FeatureBody {
        if let error = AggregateMisuse.insideExpression(tokens, skipping: 1) { throw error }
        let (name, token) = try tokens.expectName("an aggregate")
        try tokens.expect(.openParenthesis, after: "`\(name)`")
        let input = try parseInput(of: name)
        let function = try parseFunction(name, token, hasInput: input != nil)
        try tokens.expect(.closeParenthesis, after: "the argument of `\(name)`")
        var filter: ExpressionText?
        if tokens.accept(.where) {
            filter = ExpressionText(try tokens.parseExpression(), scalar: text.scalar)
        }
        let windows = try parseWindows()
        let tail = try parseTail(windows)
        guard tokens.isAtEnd else { throw unexpectedClause() }
        return .aggregate(
            AggregateDefinition(
                function: Located(function, at: token.location, length: token.length),
                input: input, filter: filter, windows: windows, tail: tail))
    }

    private mutating func parseInput(of name: String) throws(Diagnostic) -> ExpressionText? {
        if tokens.peek.kind == .symbol(.closeParenthesis) { return nil }
        if name == "count", tokens.peek.kind == .symbol(.times) {
            throw diagnostic(
                "`*` is no argument", at: tokens.peek, hint: "`count()` counts the rows")
        }
        return ExpressionText(try tokens.parseExpression(), scalar: text.scalar)
    }

    /// The function called `name`, with the constant that stands behind its argument.
    private mutating func parseFunction(
        _ name: String, _ token: Token, hasInput: Bool
    ) throws(Diagnostic) -> AggregateFunction {
        let comma = tokens.peek
        guard hasInput, tokens.accept(.comma) else {
            if let function = AggregateFunction(name: name) { return function }
            throw diagnostic(
                "`\(name)` takes a second argument", at: hasInput ? comma : token,
                hint: "write \(AggregateFunction.form(ofName: name))")
        }
        guard let parameter = AggregateFunction.parameter(ofName: name) else {
            throw diagnostic("`\(name)` takes one argument", at: comma, hint: "remove the second")
        }
        guard let function = try tokens.function(name, parameter) else {
            let form = name == "first" || name == "last" ? "\(name)(x, 5)" : nil
            throw tokens.unexpected(
                parameter.expected,
                hint: "write \(form ?? AggregateFunction.form(ofName: name))")
        }
        if tokens.peek.kind == .symbol(.comma) {
            throw diagnostic(
                "`\(name)` takes two arguments", at: tokens.peek, hint: "remove the third")
        }
        return function
    }

    private mutating func parseWindows() throws(Diagnostic) -> WindowsDefinition {
        guard tokens.accept(.over) else { return .lifetime }
        guard tokens.accept(.openBracket) else { return .single(try parseWindow()) }
        var windows: [WindowDefinition] = []
        repeat {
            let place = tokens.peek
            let window = try parseWindow()
            let twin = windows.first { $0.length.value == window.length.value }
            if let twin {
                throw diagnostic(
                    "the window `\(window.text)` stands twice in the list, as `\(twin.text)` too",
                    at: place, hint: "keep one of them")
            }
            windows.append(window)
        } while tokens.accept(.comma)
        try tokens.expect(.closeBracket, after: "the list of windows")
        return .list(windows)
    }

    private mutating func parseWindow() throws(Diagnostic) -> WindowDefinition {
        guard case .duration(let length) = tokens.peek.kind else {
            throw tokens.unexpected("a window such as `24h`", hint: windowRemedy)
        }
        let token = tokens.next()
        return WindowDefinition(text: token.text, length: located(length, token))
    }

    /// What to write in place of the next token, which is no window.
    private var windowRemedy: String {
        switch (tokens.peek.kind, tokens.peek(ahead: 1).kind) {
        case (.symbol(.openParenthesis), .duration), (.symbol(.comma), _): Self.listOfWindows
        case (.integer(let number), .name(let word)):
            DurationText.remedy(for: "\(number) \(word)")
        case (.integer(let number), _): DurationText.remedy(for: "\(number)")
        default: DurationText.hint
        }
    }

    private static var listOfWindows: String {
        "a list of windows stands in brackets: `over [1h, 24h]`"
    }

    private static var order: String {
        "the order is AGG(x) [where C] [over W] [hop H | exact [max_events N]]"
    }

    private mutating func parseTail(
        _ windows: WindowsDefinition
    ) throws(Diagnostic) -> TailDefinition {
        let place = tokens.peek
        if tokens.accept(.hop) {
            guard case .duration(let hop) = tokens.peek.kind else {
                throw tokens.unexpected("a duration after `hop`", hint: DurationText.hint)
            }
            try requireWindow(windows, for: place)
            let token = tokens.next()
            if tokens.peek.kind == .keyword(.exact) { throw hopWithExact() }
            return .hop(located(hop, token))
        }
        guard tokens.accept(.exact) else { return .defaultHop }
        try requireWindow(windows, for: place)
        if tokens.peek.kind == .keyword(.hop) { throw hopWithExact() }
        return .exact(place: place.location, maxEvents: try parseMaxEvents())
    }

    private mutating func parseMaxEvents() throws(Diagnostic) -> Located<Int>? {
        guard tokens.accept(.maxEvents) else { return nil }
        guard case .integer(let count) = tokens.peek.kind, count >= 1,
            count <= AggregateDefinition.greatestMaxEvents
        else {
            throw tokens.unexpected(
                "a whole number from 1 to \(AggregateDefinition.greatestMaxEvents) after "
                    + "`max_events`")
        }
        return located(Int(count), tokens.next())
    }

    private func requireWindow(
        _ windows: WindowsDefinition, for place: Token
    ) throws(Diagnostic) {
        guard windows == .lifetime else { return }
        var rest = tokens
        while !rest.isAtEnd, rest.peek.kind != .keyword(.over) { _ = rest.next() }
        throw diagnostic(
            "\(place) needs a window before it", at: place,
            hint: rest.isAtEnd ? "write `over 24h \(place.text)` ..." : Self.order)
    }

    private func hopWithExact() -> Diagnostic {
        diagnostic(
            "`hop` and `exact` exclude each other", at: tokens.peek,
            hint: "an exact window has no tiles; keep one of the two")
    }

    private func unexpectedClause() -> Diagnostic {
        switch tokens.peek.kind {
        case .keyword(.where), .keyword(.over), .keyword(.hop), .keyword(.exact):
            return tokens.unexpected("the end", hint: Self.order)
        case .keyword(.maxEvents):
            return tokens.unexpected("the end", hint: "`max_events` stands behind `exact`")
        case .symbol(.comma):
            return tokens.unexpected("`where`, `over` or the end", hint: Self.listOfWindows)
        case .symbol:
            return tokens.unexpected(
                "`where`, `over` or the end",
                hint: "calculate with features in the `derived:` of a service")
        default: return tokens.unexpected("`where`, `over` or the end")
        }
    }

    private func located<Value>(_ value: Value, _ token: Token) -> Located<Value> {
        guard text.isExact else { return Located(value, at: text.location) }
        return Located(value, at: token.location, length: token.length)
    }
}

extension AggregateDefinition {
    /// The greatest bound on the rows of an exact window.
    public static let greatestMaxEvents = 1_000_000
    /// The bound on the rows of an exact window that names none.
    public static let defaultMaxEvents = 10_000
}

/// Names of aggregates that people try.
private enum AggregateWords {
    static var list: String { AggregateFunction.allNames.joined(separator: ", ") }
}

extension Token {
    /// The clause that the token begins.
    fileprivate var clause: String? {
        switch kind {
        case .keyword(.over): "over"
        case .keyword(.where): "where"
        case .keyword(.hop): "hop"
        case .keyword(.exact): "exact"
        default: nil
        }
    }
}
