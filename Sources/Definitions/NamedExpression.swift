/// A name and the expression it stands for: a computed column or a derived feature.
public struct NamedExpression: Hashable, Sendable {
    /// The name.
    public var name: Name
    /// What it stands for.
    public var expression: ExpressionText

    /// Makes a named expression.
    public init(name: Name, expression: ExpressionText) {
        self.name = name
        self.expression = expression
    }
}
