import Expressions
import TestSupport
import Testing
import Values

@Suite struct ParserFuzzTests {
    private static let scope = Scope(
        SketchGenerator.columns.map { Field(name: $0.name, type: $0.type) })

    /// Parses, checks and spells; what is refused must be refused inside the text.
    private func exercise(_ text: String, _ label: String) {
        do throws(Diagnostic) {
            let typed = try ExpressionSyntax.parse(text, at: start).typed(in: Self.scope)
            let canonical = typed.canonicalText
            let again = try ExpressionSyntax.parse(canonical, at: start).typed(in: Self.scope)
            #expect(again == typed && again.canonicalText == canonical, "\(label): \(text)")
        } catch {
            let isInside =
                error.location.line >= start.line && error.location.column >= start.column
                && error.location.column <= start.column + text.unicodeScalars.count
                && error.length >= 1
            #expect(isInside, "\(label): \(text)")
        }
    }

    @Test("Random bytes and random tokens give a diagnostic or an expression, never a trap")
    func randomTexts() {
        let words = [
            "(", ")", ",", ".", "+", "-", "*", "/", "//", "%", "=", "==", "!=", "<>", "<", "<=",
            ">",
            ">=", "and", "or", "not", "is", "null", "true", "if", "cast", "as", "int64", "coalesce",
            "abs", "timestamp", "'x'", "'1970-01-01T00:00:00Z'", "1", "2.5", "7d", "a", "i", "p",
            "s",
            "t", "`a`", "`", "'", "[", "]", "where", "over", "9223372036854775808", "1e400", "\n",
        ]
        var generator = SeededGenerator(seed: 11)
        for round in 0..<3_000 {
            let count = Int.random(in: 0...24, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            exercise(String(decoding: bytes, as: UTF8.self), "bytes \(round)")
            let tokens = (0..<count).map { _ in
                words[Int.random(in: 0..<words.count, using: &generator)]
            }
            exercise(tokens.joined(separator: round % 2 == 0 ? " " : ""), "tokens \(round)")
        }
    }

    @Test("Mutated valid texts give a diagnostic or an expression, never a trap")
    func mutatedTexts() {
        for seed in 1...2_000 as ClosedRange<UInt64> {
            var generator = SketchGenerator(seed: seed)
            var scalars = Array(generator.draw(.double, depth: 3).text.unicodeScalars)
            for _ in 0..<Int.random(in: 1...3, using: &generator.random) where !scalars.isEmpty {
                let position = Int.random(in: 0..<scalars.count, using: &generator.random)
                switch Int.random(in: 0..<3, using: &generator.random) {
                case 0: scalars.remove(at: position)
                case 1: scalars.insert(scalars[scalars.count - 1 - position], at: position)
                default: scalars.removeSubrange(position...)
                }
            }
            exercise(String(String.UnicodeScalarView(scalars)), "seed \(seed)")
        }
    }

    @Test(
        "Nesting beyond the bound is a diagnostic, however deep",
        arguments: [
            ("(", "", ""), ("(", "1", ")"), ("-", "1", ""), ("- ", "a", ""), ("not ", "true", ""),
            ("abs(", "1", ")"), ("if(true, 1, ", "1", ")"), ("cast(", "1", " as int64)"),
            ("1 + ", "1", ""), ("true and ", "true", ""), ("true or ", "true", ""),
            ("2 * ", "1", ""),
            ("coalesce(1, ", "1", ")"), ("1 - (", "1", ")"),
        ])
    func deepNesting(prefix: String, core: String, suffix: String) throws {
        func text(_ depth: Int) -> String {
            String(repeating: prefix, count: depth) + core + String(repeating: suffix, count: depth)
        }
        #expect(diagnostic(text(100_000)) != nil)
        let message = diagnostic(text(201))?.message
        if !core.isEmpty {
            #expect(message == "the expression is nested deeper than 200 levels")
            exercise(text(100), "nested")
            #expect(
                try ExpressionSyntax.parse(text(100), at: start).length == text(100).count
                    || prefix == "(")
        }
    }
}
