public import Values

/// A parsed expression; every node knows its place in the text.
public struct ExpressionSyntax: Hashable, Sendable {
    indirect enum Node: Hashable, Sendable {
        case literal(Scalar, DataType)
        case name([String])
        /// An operator, a form such as `if`, or a function.
        case call(String, [ExpressionSyntax], at: SyntaxSpan)
        case cast(ExpressionSyntax, to: DataType)
    }

    let node: Node
    let span: SyntaxSpan
    /// How many nodes stand on the longest way down; bounded, so that recursion is.
    let depth: Int

    /// Where its first character is.
    public var location: SourceLocation { span.location }
    /// How many Unicode scalars it has.
    public var length: Int { span.length }

    init(_ node: Node, span: SyntaxSpan) {
        self.node = node
        self.span = span
        depth = 1 + (node.children.map(\.depth).max() ?? 0)
    }

    /// Parses `text`, whose first character is at `location`, as one expression.
    ///
    /// - Throws: a diagnostic at the first token that cannot stand where it stands.
    public static func parse(
        _ text: String, at location: SourceLocation
    ) throws(Diagnostic) -> ExpressionSyntax {
        var tokens = try TokenStream(text, at: location)
        let expression = try tokens.parseExpression()
        try tokens.expectEnd("an operator or the end")
        return expression
    }
}

/// Where something stands and how far it goes.
struct SyntaxSpan: Hashable, Sendable {
    var location: SourceLocation
    var length: Int
}

/// A name that an expression uses.
public struct NameReference: Hashable, Sendable {
    /// `["dep_delay"]`, or `["weather", "wind_speed"]` for a dotted path.
    public let path: [String]
    /// Where its first character is.
    public let location: SourceLocation
    /// How many Unicode scalars it has.
    public let length: Int
}

extension ExpressionSyntax {
    /// All names in the order of the text; a name that is used twice stands twice.
    public var names: [NameReference] {
        if let reference { return [reference] }
        return node.children.flatMap(\.names)
    }

    /// The name, if the expression is nothing but a name.
    public var reference: NameReference? {
        guard case .name(let path) = node else { return nil }
        return NameReference(path: path, location: location, length: length)
    }

    /// Whether it is the literal `null`.
    public var isNullLiteral: Bool { node == .literal(.null, .null) }
}

extension ExpressionSyntax.Node {
    var children: [ExpressionSyntax] {
        switch self {
        case .literal, .name: []
        case .call(_, let arguments, _): arguments
        case .cast(let operand, _): [operand]
        }
    }
}
