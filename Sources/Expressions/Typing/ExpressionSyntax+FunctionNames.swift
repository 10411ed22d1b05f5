extension ExpressionSyntax {
    /// The names that an expression can call.
    public static var functionNames: [String] { FunctionTable.callableNames }
}
