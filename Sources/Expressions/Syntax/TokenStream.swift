public import Values

/// The tokens of a text, taken one after the other.
///
/// Public so that the definitions read features (`mean(x) where c over [1h, 7d]`) and service
/// items (`view.f for k = c as name`) with the same lexer and call the expression parser inside.
public struct TokenStream: Sendable {
    private let tokens: [Token]
    private var position = 0
    /// How many parentheses, calls and prefix operators are open.
    var depth = 0

    /// Cuts `text`, whose first character is at `location`, into tokens.
    ///
    /// - Throws: a diagnostic at the first thing that is no token.
    public init(_ text: String, at location: SourceLocation) throws(Diagnostic) {
        tokens = try Lexer.tokens(of: text, at: location)
    }

    /// The token that comes next.
    public var peek: Token { peek(ahead: 0) }

    /// The token that comes after `count` others.
    public func peek(ahead count: Int) -> Token { tokens[min(position + count, tokens.count - 1)] }

    /// Whether all tokens were taken.
    public var isAtEnd: Bool { peek.kind == .end }

    /// Takes the next token.
    public mutating func next() -> Token {
        let token = peek
        position = min(position + 1, tokens.count - 1)
        return token
    }

    /// How many Unicode scalars stand before the end of the last token that was taken.
    var endOffset: Int {
        position == 0 ? 0 : tokens[position - 1].offset + tokens[position - 1].length
    }

    /// Takes the next token if it is `symbol`.
    public mutating func accept(_ symbol: Symbol) -> Bool { accept(.symbol(symbol)) }

    /// Takes the next token if it is `keyword`.
    public mutating func accept(_ keyword: Keyword) -> Bool { accept(.keyword(keyword)) }

    private mutating func accept(_ kind: Token.Kind) -> Bool {
        guard peek.kind == kind else { return false }
        _ = next()
        return true
    }

    /// Takes the next token, which must be `symbol`.
    ///
    /// - Throws: a diagnostic that says what was expected `after` what.
    public mutating func expect(_ symbol: Symbol, after: String) throws(Diagnostic) {
        if !accept(symbol) { throw unexpected("`\(symbol.rawValue)` after \(after)") }
    }

    /// Takes the next token, which must be `keyword`.
    ///
    /// - Throws: a diagnostic that says what was expected `after` what.
    public mutating func expect(_ keyword: Keyword, after: String) throws(Diagnostic) {
        if !accept(keyword) { throw unexpected("`\(keyword.rawValue)` after \(after)") }
    }

    /// Takes the next token, which must be a name.
    ///
    /// - Parameter what: what the name names, for the message: `the name of a column`.
    /// - Returns: the name without backticks, and its token.
    /// - Throws: a diagnostic that shows how a keyword is written as a name.
    public mutating func expectName(_ what: String) throws(Diagnostic) -> (
        name: String, token: Token
    ) {
        if case .name(let name) = peek.kind { return (name, next()) }
        throw unexpected(what)
    }

    /// Makes sure that nothing is left.
    ///
    /// - Throws: a diagnostic at the first token that was not taken.
    public func expectEnd(_ expected: String = "the end") throws(Diagnostic) {
        if !isAtEnd { throw unexpected(expected) }
    }

    /// The diagnostic that says that something else was expected in place of the next token.
    public func unexpected(_ expected: String, hint: String? = nil) -> Diagnostic {
        let token = peek
        return Diagnostic(
            "expected \(expected), found \(token)", at: token.location,
            hint: hint ?? spellingHint(token), length: max(1, token.length))
    }

    private func spellingHint(_ token: Token) -> String? {
        switch token.kind {
        case .name(let name):
            let lower = name.lowercased()
            guard lower != name, Keyword(rawValue: lower) != nil else { return nil }
            return "keywords are lower case: `\(lower)`"
        case .keyword(let keyword):
            return "as a name a keyword stands in backticks: `\(keyword.rawValue)`"
        default: return nil
        }
    }
}
