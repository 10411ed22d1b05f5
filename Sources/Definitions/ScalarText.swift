import Expressions
public import Values

/// A scalar of a definition file: its text and its place.
public struct ScalarText: Hashable, Sendable {
    /// The text, without quotes.
    public var text: String
    /// The place of the text's first character.
    public var location: SourceLocation
    /// Whether the n-th character of the text is n columns right of the first; otherwise the
    /// scalar is folded, escaped or a block, and only its first character has a place.
    public var isExact: Bool

    /// Makes a scalar.
    public init(_ text: String, at location: SourceLocation, isExact: Bool = true) {
        self.text = text
        self.location = location
        self.isExact = isExact
    }

    /// The scalar as a name.
    public var name: Name {
        Located(text, at: location, length: isExact ? text.unicodeScalars.count : 1)
    }

    /// The place that stands for all places inside; nil when those are exact.
    var scalar: SourceLocation? { isExact ? nil : location }

    /// Parses with `parse`, whose diagnostics and names get the places that are known.
    func parsing<Value>(
        _ parse: (inout TokenStream) throws(Diagnostic) -> Value
    ) throws(Diagnostic) -> Value {
        do {
            var tokens = try TokenStream(text, at: location)
            return try parse(&tokens)
        } catch {
            throw error.placed(inScalarAt: scalar)
        }
    }

    /// A name inside the scalar.
    func name(_ name: String, _ token: Token) -> Name {
        isExact
            ? Located(name, at: token.location, length: token.length)
            : Located(name, at: location)
    }
}

extension ExpressionText {
    /// Parses a scalar that is one expression.
    ///
    /// - Parameter text: the scalar.
    /// - Throws: a diagnostic at the first token that cannot stand where it stands.
    public init(parsing text: ScalarText) throws(Diagnostic) {
        let syntax = try text.parsing { tokens throws(Diagnostic) in
            if let error = AggregateMisuse.insideExpression(tokens) { throw error }
            let expression = try tokens.parseExpression()
            try tokens.expectEnd("an operator or the end")
            return expression
        }
        self.init(syntax, scalar: text.scalar)
    }
}
