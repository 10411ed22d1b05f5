public import Expressions
public import Values

/// A parsed expression that knows the scalar it was written in.
///
/// In a plain or a quoted scalar of one line every character of the expression has its place; in
/// a folded, escaped or block scalar it has not, and everything said about the expression points
/// at the scalar's first character.
public struct ExpressionText: Hashable, Sendable {
    /// The parsed expression.
    public var syntax: ExpressionSyntax
    /// The scalar's place when the places inside it are not exact; else nil.
    public var scalar: SourceLocation?

    /// Makes an expression.
    public init(_ syntax: ExpressionSyntax, scalar: SourceLocation? = nil) {
        self.syntax = syntax
        self.scalar = scalar
    }

    /// Where the expression begins.
    public var location: SourceLocation { scalar ?? syntax.location }

    /// Checks the expression in a scope.
    ///
    /// - Throws: what is wrong, at its place; a comparison with `null` is, too.
    /// - Returns: the expression with its type.
    public func typed(in scope: Scope) throws(Diagnostic) -> TypedExpression {
        do throws(Diagnostic) {
            if let mistake = syntax.comparisonWithNull { throw mistake }
            return try syntax.typed(in: scope)
        } catch {
            throw error.placed(inScalarAt: scalar)
        }
    }
}

extension Diagnostic {
    /// The same diagnostic at a scalar's first character, when its own place is not exact.
    func placed(inScalarAt scalar: SourceLocation?) -> Diagnostic {
        guard let scalar else { return self }
        return Diagnostic(message, at: scalar, hint: hint)
    }
}
