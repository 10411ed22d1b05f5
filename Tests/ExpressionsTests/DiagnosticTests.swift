import Expressions
import Testing
import Values

@Suite struct DiagnosticTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let column: Int
        let length: Int
        let message: String
        let hint: String?
        var testDescription: String { text }

        init(_ text: String, _ column: Int, _ length: Int, _ message: String, _ hint: String? = nil)
        {
            self.text = text
            self.column = column
            self.length = length
            self.message = message
            self.hint = hint
        }
    }

    static let syntax: [Case] = [
        Case("", 11, 1, "expected a value, found the end"),
        Case("a +", 14, 1, "expected a value, found the end"),
        Case("a b", 13, 1, "expected an operator or the end, found `b`"),
        Case(
            "a AND b", 13, 3, "expected an operator or the end, found `AND`",
            "keywords are lower case: `and`"),
        Case(
            "over + 1", 11, 4, "expected a value, found `over`",
            "as a name a keyword stands in backticks: `over`"),
        Case("(a", 13, 1, "expected `)` after the expression in parentheses, found the end"),
        Case("abs(a, ", 18, 1, "expected a value, found the end"),
        Case("abs(a b)", 17, 1, "expected `)` after the arguments of `abs`, found `b`"),
        Case(
            "a < b < c", 17, 1, "comparisons do not chain",
            "write `a < b and b < c`, or use parentheses"),
        Case(
            "a is null is null", 21, 2, "comparisons do not chain",
            "write `a < b and b < c`, or use parentheses"),
        Case("a is b", 16, 1, "expected `null` after `is`, found `b`"),
        Case("a is not 1", 20, 1, "expected `null` after `is not`, found `1`"),
        Case(
            "a = not p", 15, 3, "expected a value, found `not`",
            "put `not` and what follows in parentheses"),
        Case(
            "'abc", 11, 1, "this text has no closing quote",
            "a quote inside a text is written twice: 'it''s'"),
        Case("`abc", 11, 1, "this name has no closing backtick"),
        Case("``", 11, 2, "a name cannot be empty"),
        Case("a && b", 13, 2, "`&&` is no operator", "write `and`"),
        Case("a ! b", 13, 1, "`!` has no meaning here", "write `not`"),
        Case(
            "\"a\"", 11, 1, "`\"` has no meaning here",
            "a text stands in single quotes, a name in backticks"),
        Case(
            "a + \u{e9}", 15, 1, "`\u{e9}` has no meaning here",
            "a name with other characters goes in backticks"),
        Case("'\u{e9}\u{1F600}' + $", 18, 1, "`$` has no meaning here"),
        Case(
            ".5", 11, 1, "expected a value, found `.`",
            "a number needs a digit before its point: 0.5"),
        Case("1.", 11, 2, "a number needs digits after its point"),
        Case("1e+", 11, 3, "a number needs digits in its exponent"),
        Case("1e999", 11, 5, "1e999 is beyond the range of double"),
        Case(
            "9223372036854775808", 11, 19, "9223372036854775808 is beyond the range of int64",
            "9223372036854775808.0 is a double"),
        Case(
            "-9223372036854775809", 11, 19, "-9223372036854775809 is beyond the range of int64",
            "9223372036854775809.0 is a double"),
        Case(
            "99999999999999999999", 11, 20, "99999999999999999999 is beyond the range of int64",
            "99999999999999999999.0 is a double"),
        Case(
            "a + 7d", 15, 2, "`7d` stands in windows only", "inside an expression write `days(7)`"),
        Case(
            "a > 7x", 15, 2, "`7x` is neither a number nor a duration",
            "a duration is a positive whole number and one of the units us ms s m h d w"),
        Case(
            "1.5h", 11, 4, "`1.5h` is neither a number nor a duration",
            "a duration is a positive whole number and one of the units us ms s m h d w"),
        Case(
            "timestamp '2024-01-31T10:00:00'", 21, 21, "'2024-01-31T10:00:00' has no zone",
            "write it as timestamp '2024-01-31T10:00:00Z', or with +01:00 for Z"),
        Case(
            "timestamp '2024-02-30T10:00:00Z'", 21, 22, "'2024-02-30T10:00:00Z' is no timestamp",
            "write it as timestamp '2024-01-31T10:00:00Z', or with +01:00 for Z"),
        Case(
            "timestamp '9999-12-31T23:59:59-01:00'", 21, 27,
            "'9999-12-31T23:59:59-01:00' is beyond the years 0000 to 9999 in UTC",
            "write it as timestamp '2024-01-31T10:00:00Z', or with +01:00 for Z"),
        Case(
            "cast(a as number)", 21, 6, "unknown type `number`",
            "the types are bool, int32, int64, float, double, decimal(p,s), string, timestamp, date, list<float>, vector<float, n>"
        ),
        Case("cast(a, int64)", 17, 1, "expected `as` after the value to cast, found `,`"),
        Case("weather.", 19, 1, "expected a name after `.`, found the end"),
        Case("if p", 11, 2, "expected a value, found `if`", "write `if(condition, then, else)`"),
    ]

    static let types: [Case] = [
        Case("dep_dely > 1", 11, 8, "unknown column `dep_dely`", "did you mean `dep_delay`?"),
        Case(
            "1 + wether.wind", 15, 11, "unknown column `wether.wind`",
            "did you mean `weather.wind`?"),
        Case("wind + 1", 11, 4, "`wind` is ambiguous", "write one of `weather.wind`, `dest.wind`"),
        Case(
            "rond(dep_delay)", 11, 4, "unknown function `rond`", "did you mean `round`?"),
        Case("secs(1)", 11, 4, "unknown function `secs`", nil),
        Case("Abs(1)", 11, 3, "unknown function `Abs`", "did you mean `abs`?"),
        Case("abs(1, 2)", 11, 3, "`abs` takes 1 argument, 2 given", "write abs(x)"),
        Case(
            "substr(carrier)", 11, 6, "`substr` takes 2 or 3 arguments, 1 given",
            "write substr(string, int64) or substr(string, int64, int64)"),
        Case(
            "substring(carrier, 1)", 11, 9, "unknown function `substring`",
            "write `substr(x, start, length)`"),
        Case(
            "p || p", 13, 2, "`||` is not defined for bool and bool",
            "`||` joins strings; write `or`"),
        Case(
            "carrier || 1", 19, 2, "`||` is not defined for string and int64",
            "`||` joins strings: cast(x as string)"),
        Case(
            "concat(carrier, 1)", 27, 1, "`concat` joins strings, this is int64",
            "write cast(x as string)"),
        Case(
            "dep_delay like 'a'", 21, 4, "`like` is not defined for double and string",
            "`like` compares strings"),
        Case(
            "carrier like 'a!' escape '!!'", 36, 4, "`escape` takes one ASCII character",
            "write `like '50!%' escape '!'`"),
        Case(
            "dep_delay between 1 and 'b'", 35, 3,
            "`between` compares one type, but this is string and before it stands double",
            "cast(x as double) converts the string"),
        Case(
            "dep_delay in (1, p)", 28, 1,
            "`in` compares one type, but this is bool and before it stands double"),
        Case(
            "case when 1 then 2 end", 21, 1, "the condition of `when` must be bool, this is int64",
            "compare it, for example with `!= 0`"),
        Case(
            "case carrier when 1 then 2 end", 29, 1,
            "`case` compares one type, but this is int64 and before it stands string",
            "cast(x as int64) makes the string a number"),
        Case(
            "case when p then 1 else 'b' end", 35, 3,
            "`case` gives one type, but this is string and before it stands int64",
            "cast(x as int64) converts the string"),
        Case(
            "[1, 'a']", 15, 3,
            "`[ ]` holds one type, but this is string and before it stands int64",
            "cast(x as int64) converts the string"),
        Case(
            "date_trunc('hours', at)", 22, 7, "'hours' is no unit of `date_trunc`",
            "did you mean 'hour'?"),
        Case(
            "date_trunc(carrier, at)", 22, 7, "the unit of `date_trunc` must be written out",
            "it is a text in single quotes, such as 'microsecond'"),
        Case(
            "hour(at, 'Amerika/New_York')", 20, 18, "there is no time zone 'Amerika/New_York'",
            "write UTC, or an offset such as +01:00"),
        Case(
            "bucket(dep_delay, [1, 1])", 29, 6, "the edges of `bucket` must ascend",
            "write each number once, the least first"),
        Case(
            "bucket(dep_delay, [dep_delay])", 29, 11, "the edges of `bucket` must be written out",
            "write numbers in brackets: bucket(x, [0, 10, 100])"),
        Case(
            "nullif(1)", 11, 6, "`nullif` takes 2 arguments, 1 given",
            "`nullif(x, 0)` is x, and null where x is 0"),
        Case(
            "least(1)", 11, 5, "`least` takes at least 2 arguments, 1 given",
            "write `least(a, b)`"),
        Case(
            "least(list, list)", 11, 5, "`least` is not defined for list<double>",
            "it compares numbers, texts, bools, dates, timestamps and durations"),
        Case(
            "if(p, 1)", 11, 2, "`if` takes 3 arguments, 2 given",
            "write `if(condition, then, else)`"),
        Case(
            "coalesce()", 11, 8, "`coalesce` takes at least 1 argument, 0 given",
            "write `coalesce(x, 0)`"),
        Case(
            "1 + carrier", 13, 1, "`+` is not defined for int64 and string",
            "cast(x as int64) makes the string a number"),
        Case(
            "carrier * 2.0", 19, 1, "`*` is not defined for string and double",
            "cast(x as double) converts the string"),
        Case(
            "carrier + carrier", 19, 1, "`+` is not defined for string and string",
            "`||` joins strings"),
        Case(
            "dep_delay // 2", 21, 2, "`//` is not defined for double and int64",
            "`//` takes integers: cast(x as int64), or divide doubles with `/`"),
        Case(
            "at + 20", 14, 1, "`+` is not defined for timestamp and int64",
            "say which unit the number has: seconds(x), minutes(x), hours(x), days(x)"),
        Case(
            "at > '2024-01-01'", 14, 1, "`>` is not defined for timestamp and string",
            "a point in time is written timestamp '2024-01-31T10:00:00Z'"),
        Case(
            "(at - at) * 2", 21, 1, "`*` is not defined for duration and int64",
            "a duration over a duration is a number: x / minutes(1)"),
        Case(
            "-carrier", 11, 1, "`-` is not defined for string",
            "it takes int64, or double, or duration, or decimal"),
        Case("not dep_delay", 11, 3, "`not` is not defined for double", "it takes bool"),
        Case(
            "p and dep_delay", 17, 9, "an operand of `and` must be bool, this is double",
            "compare it, for example with `!= 0`"),
        Case(
            "if(carrier, 1, 2)", 14, 7, "the condition of `if` must be bool, this is string",
            "compare it, for example with `!= ''`"),
        Case(
            "if(p, 1, carrier)", 20, 7,
            "`if` gives one type, but this is string and before it stands int64",
            "cast(x as int64) converts the string"),
        Case(
            "coalesce(at, dep_delay)", 24, 9,
            "`coalesce` gives one type, but this is double and before it stands timestamp"),
        Case(
            "cast(dep_delay as string)", 11, 25, "double cannot be cast to string",
            "doubles have no text; cast to int64 first"),
        Case("cast(at as int64)", 11, 17, "timestamp cannot be cast to int64"),
        Case("hour(dep_delay)", 11, 4, "`hour` is not defined for double", "it takes timestamp"),
        Case("list = list", 16, 1, "`=` is not defined for list<double> and list<double>", nil),
    ]

    static var scope: Scope {
        var scope = Scope([
            Field(name: "dep_delay", type: .double), Field(name: "carrier", type: .string),
            Field(name: "at", type: .timestamp), Field(name: "p", type: .bool),
            Field(name: "list", type: .list(.double)),
        ])
        scope.add(path: ["weather", "wind"], column: "weather__wind", type: .double)
        scope.add(path: ["dest", "wind"], column: "dest__wind", type: .double)
        scope.markAmbiguous(path: ["wind"], fullNames: ["weather.wind", "dest.wind"])
        return scope
    }

    static func check(_ wrong: Case) {
        do throws(Diagnostic) {
            _ = try ExpressionSyntax.parse(wrong.text, at: start).typed(in: scope)
            Issue.record("\(wrong.text) was accepted")
        } catch {
            #expect(error.message == wrong.message)
            #expect(
                error.location
                    == SourceLocation(file: "views.yaml", line: 7, column: wrong.column))
            #expect(error.length == wrong.length)
            if let hint = wrong.hint { #expect(error.hint == hint) }
        }
    }

    @Test("A text that does not parse is refused at its first wrong token", arguments: syntax)
    func syntaxErrors(wrong: Case) { Self.check(wrong) }

    @Test("A type error names both types and the remedy", arguments: types)
    func typeErrors(wrong: Case) { Self.check(wrong) }

    @Test("A line break moves to the base column of the next line")
    func severalLines() {
        let place = diagnostic("1 +\n  nothing")?.location
        #expect(place == SourceLocation(file: "views.yaml", line: 8, column: 13))
    }

    @Test("A comparison with null is null, and a bare null has the type null")
    func nullTypes() throws {
        let scope = Scope([Field(name: "x", type: .double)])
        func type(_ text: String) throws -> DataType {
            try ExpressionSyntax.parse(text, at: start).typed(in: scope).type
        }
        #expect(try type("x = null") == .bool)
        #expect(try type("null") == .null)
        #expect(try type("if(x > 0, null, null)") == .null)
        #expect(try type("coalesce(null, x)") == .double)
        #expect(try type("null / x") == .double)
        #expect(try ExpressionSyntax.parse("x", at: start).isNullLiteral == false)
        #expect(try ExpressionSyntax.parse("(null)", at: start).isNullLiteral)
    }
}
