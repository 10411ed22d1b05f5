import Expressions
import Testing
import Values

@Suite struct SyntaxTests {
    static let fields =
        ["a", "b", "c"].map { Field(name: $0, type: .double) }
        + ["i", "j"].map { Field(name: $0, type: .int64) }
        + ["p", "q"].map { Field(name: $0, type: .bool) }
        + [
            Field(name: "s", type: .string), Field(name: "t", type: .timestamp),
            Field(name: "hour", type: .int32), Field(name: "over", type: .double),
            Field(name: "wind speed", type: .double), Field(name: "odd`name", type: .double),
        ]

    static func canonical(_ text: String) throws -> String {
        try ExpressionSyntax.parse(text, at: start).typed(in: Scope(fields)).canonicalText
    }

    @Test(
        "The canonical text normalises blanks, parentheses and spellings, and nothing else",
        arguments: [
            ("a+b*c", "a + b * c"), ("(a+b)*c", "(a + b) * c"), ("((a))", "a"),
            ("a - (b - c)", "a - (b - c)"), ("(a - b) - c", "a - b - c"),
            ("a / b / c", "a / b / c"),
            ("a/(b*c)", "a / (b * c)"), ("i//j%2", "i // j % 2"), ("b + a", "b + a"),
            ("a==b", "a = b"), ("a<>b", "a != b"), ("a\n<=\tb", "a <= b"),
            ("not (p and q) or p", "not (p and q) or p"), ("not(not p)", "not not p"),
            ("p or q and p", "p or q and p"), ("(p or q) and p", "(p or q) and p"),
            ("p and (q and p)", "p and (q and p)"), ("not a = b", "not a = b"),
            ("(a = b) = p", "(a = b) = p"), ("a = b is null", "(a = b) is null"),
            ("a + b is not null", "a + b is not null"), ("(p is null) = q", "(p is null) = q"),
            ("-a * b", "-a * b"), ("-(a * b)", "-(a * b)"), ("- - a", "-(-a)"), ("-(-1)", "-(-1)"),
            ("a - -1", "a - -1"), ("-(1)", "-1"), ("-0", "0"), ("-0.0", "0.0"), ("i*-2", "i * -2"),
            ("-9223372036854775808", "-9223372036854775808"), ("007", "7"),
            ("1e3", "1000.0"), ("1E-7", "1e-07"), ("1e300", "1e+300"), ("0.1", "0.1"),
            ("5e-324", "5e-324"), ("123456789.125", "123456789.125"), ("1.0", "1.0"),
            ("'it''s'", "'it''s'"), ("''", "''"), ("'\u{e9}\n'", "'\u{e9}\n'"),
            ("if( p,i , 2.5 )", "if(p, i, 2.5)"), ("coalesce(a,b , 0)", "coalesce(a, b, 0)"),
            ("cast( a as int64 )", "cast(a as int64)"),
            ("cast(null as string)", "cast(null as string)"),
            ("timestamp '2024-01-31T11:00:00.500+01:00'", "timestamp '2024-01-31T10:00:00.5Z'"),
            ("t+minutes( a+20 )", "t + minutes(a + 20)"), ("hour (t) + hour", "hour(t) + hour"),
            ("`over` + `a`", "`over` + a"),
            ("`wind speed` / `odd``name`", "`wind speed` / `odd``name`"),
            ("null", "null"), ("s = null", "s = null"), ("true", "true"),
        ])
    func canonicalText(text: String, expected: String) throws {
        let first = try Self.canonical(text)
        #expect(first == expected)
        #expect(try Self.canonical(first) == first)
    }

    @Test("Names are listed in the order of the text, with their places")
    func names() throws {
        let expression = try ExpressionSyntax.parse(
            "weather.wind_speed / if(distance > `for`, distance, 1)", at: start)
        #expect(
            expression.names.map(\.path) == [
                ["weather", "wind_speed"], ["distance"], ["for"], ["distance"],
            ])
        #expect(expression.names.map(\.location.column) == [11, 35, 46, 53])
        #expect(expression.names.map(\.length) == [18, 8, 5, 8])
        #expect(expression.reference == nil)
        #expect(try ExpressionSyntax.parse("(a.b)", at: start).reference?.path == ["a", "b"])
    }

    @Test("Referenced columns are distinct and in order of first use")
    func referencedColumns() throws {
        var scope = Scope(Self.fields)
        scope.add(path: ["weather", "wind"], column: "weather__wind", type: .double)
        let typed = try ExpressionSyntax.parse("weather.wind + b * a - b", at: start)
            .typed(in: scope)
        #expect(typed.referencedColumns == ["weather__wind", "b", "a"])
        #expect(typed.canonicalText == "weather__wind + b * a - b")
    }

    @Test("The token stream lets another parser call the expression parser in its middle")
    func featureGrammar() throws {
        var tokens = try TokenStream(
            "mean(if(d > 15, 1, 0)) where x is not null over [1h, 90m] hop 1h", at: start)
        #expect(try tokens.expectName("an aggregate").name == "mean")
        try tokens.expect(.openParenthesis, after: "`mean`")
        #expect(try tokens.parseExpression().names.map(\.path) == [["d"]])
        try tokens.expect(.closeParenthesis, after: "the argument")
        try tokens.expect(.where, after: "the aggregate")
        #expect(try tokens.parseExpression().names.map(\.path) == [["x"]])
        try tokens.expect(.over, after: "the condition")
        try tokens.expect(.openBracket, after: "`over`")
        let first = tokens.next()
        #expect(first.kind == .duration(.hours(1)) && first.text == "1h")
        try tokens.expect(.comma, after: "the window")
        let second = tokens.next()
        #expect(second.kind == .duration(.minutes(90)) && second.text == "90m")
        try tokens.expect(.closeBracket, after: "the windows")
        try tokens.expect(.hop, after: "the windows")
        #expect(tokens.peek.kind == .duration(.hours(1)))
        _ = tokens.next()
        try tokens.expectEnd()
        _ = tokens.next()
        #expect(tokens.isAtEnd)
    }
}
