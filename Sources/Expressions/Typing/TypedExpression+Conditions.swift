import Values

// Conditions put together by the compiler, which no text stands for.

extension TypedExpression {
    /// Whether both conditions hold, as `left and right`; both must be bool.
    public func and(_ other: TypedExpression) -> TypedExpression {
        precondition(type == .bool && other.type == .bool, "a condition that is no bool")
        return TypedExpression(.form(.and, [self, other]), .bool)
    }

    /// The condition with true for null, as `coalesce(condition, true)`; it must be bool. A condition
    /// that is never null stays as it is.
    public var orUnknown: TypedExpression {
        precondition(type == .bool, "a condition that is no bool")
        if case .form(.isNotNull, _) = node { return self }
        let yes = TypedExpression(.literal(.bool(true)), .bool)
        return TypedExpression(.form(.coalesce, [self, yes]), .bool)
    }
}
