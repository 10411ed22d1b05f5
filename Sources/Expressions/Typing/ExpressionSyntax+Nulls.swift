public import Values

extension ExpressionSyntax {
    /// What is wrong with the first comparison with the literal `null`; nil when there is none.
    ///
    /// Such a comparison is null for every row, so nobody who writes one means it. It is a mistake
    /// of a definition, not of the language: an expression that holds one has a value.
    public var comparisonWithNull: Diagnostic? {
        for child in node.children {
            if let found = child.comparisonWithNull { return found }
        }
        guard case .call(let name, let operands, _) = node else { return nil }
        guard Precedence(ofBinary: name) == .comparison, operands.contains(where: \.isNullLiteral)
        else { return nil }
        let subject = operands.first { !$0.isNullLiteral }?.reference?.path.joined(separator: ".")
        let test = name == "!=" ? "is not null" : "is null"
        return Diagnostic(
            "`\(name) null` is null for every row", at: location,
            hint: "write `\(subject ?? "x") \(test)`", length: length)
    }
}
