import Aggregates
import Expressions
import Values

/// Mistakes about where aggregates stand and what they are called.
enum AggregateMisuse {
    /// Names of aggregates that people bring from other tools.
    static let foreign = [
        "avg": "mean", "average": "mean", "std": "stddev", "stdev": "stddev", "var": "variance",
        "latest": "last", "total": "sum", "maximum": "max", "minimum": "min", "newest": "last",
        "oldest": "first", "stddev_samp": "stddev", "var_samp": "variance",
        "last_value": "last", "first_value": "first", "count_distinct": "distinct",
        "approx_count_distinct": "distinct", "nunique": "distinct", "percentile": "quantile",
        "median": "quantile", "topk": "top", "top_k": "top",
    ]

    /// The aggregate that `name`, which is none, was most likely meant to be.
    static func intended(by name: String) -> String? {
        let name = name.lowercased()
        return foreign[name] ?? nearestName(to: name, among: AggregateFunction.allNames)
    }

    /// What is wrong with the call of `name` at the start of a feature, if it is neither an
    /// aggregate nor more like a function than like one.
    static func unknownCall(of name: String, at token: Token) -> Diagnostic? {
        let functions = ExpressionSyntax.functionNames
        guard !functions.contains(name), let guess = intended(by: name) else { return nil }
        let isWordForWord = guess == name.lowercased() || foreign[name.lowercased()] != nil
        guard isWordForWord || nearestName(to: name, among: functions) == nil else { return nil }
        return Diagnostic(
            "`\(name)` is neither an aggregate nor a function", at: token.location,
            hint: "did you mean `\(guess)`?", length: max(1, token.length))
    }

    /// What is wrong with the first aggregate that is called behind the next `skipped` tokens,
    /// where expressions stand.
    static func insideExpression(
        _ tokens: TokenStream, skipping skipped: Int = 0
    ) -> Diagnostic? {
        let functions = ExpressionSyntax.functionNames
        var tokens = tokens
        for _ in 0..<skipped { _ = tokens.next() }
        while !tokens.isAtEnd {
            let token = tokens.next()
            guard case .name(let name) = token.kind, !token.text.hasPrefix("`"),
                tokens.peek.kind == .symbol(.openParenthesis), !functions.contains(name),
                AggregateFunction.allNames.contains(name)
            else { continue }
            return Diagnostic(
                "the aggregate `\(name)` cannot stand inside an expression",
                at: token.location,
                hint: "make it a feature of a view; a service calculates with features under "
                    + "`derived:`", length: max(1, token.length))
        }
        return nil
    }
}
