import Values

/// Cuts a text into tokens; stops at the first thing that is none.
///
/// Works on Unicode scalars, because columns are counted in them.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private let base: SourceLocation
    private var position = 0
    private var line = 0
    private var lineStart = 0

    init(_ text: String, at base: SourceLocation) {
        scalars = Array(text.unicodeScalars)
        self.base = base
    }

    /// All tokens, the last of which is the end.
    static func tokens(
        of text: String, at base: SourceLocation
    ) throws(Diagnostic) -> [Token] {
        var lexer = Lexer(text, at: base)
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(Diagnostic) -> Token {
        skipBlanks()
        guard let first = peek() else { return token(.end, from: position) }
        if first.isDigit { return try number() }
        if first.isNameStart { return name() }
        if first == "'" { return try text() }
        if first == "`" { return try quotedName() }
        return try symbol()
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private mutating func skipBlanks() {
        while let scalar = peek(), scalar.isBlank {
            position += 1
            if scalar == "\n" {
                line += 1
                lineStart = position
            }
        }
    }

    /// A line break moves to the base column of the next line, as in a block scalar of YAML.
    private func location(of offset: Int) -> SourceLocation {
        SourceLocation(
            file: base.file, line: base.line + line, column: base.column + offset - lineStart)
    }

    private func written(from start: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<position])
        return String(text)
    }

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(
            kind: kind, text: written(from: start), location: location(of: start),
            offset: start, length: position - start)
    }

    private func failure(
        _ message: String, from start: Int, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            message, at: location(of: start), hint: hint, length: max(1, position - start))
    }
}

extension Lexer {
    private mutating func name() -> Token {
        let start = position
        while peek()?.isNamePart == true { position += 1 }
        let word = written(from: start)
        return token(Keyword(rawValue: word).map { .keyword($0) } ?? .name(word), from: start)
    }

    /// The content between two `quote`s, in which a doubled quote stands for one.
    private mutating func quoted(_ quote: Unicode.Scalar) -> String? {
        position += 1
        var content = String.UnicodeScalarView()
        while let scalar = peek() {
            position += 1
            if scalar == quote {
                guard peek() == quote else { return String(content) }
                position += 1
            }
            content.append(scalar)
        }
        return nil
    }

    private mutating func text() throws(Diagnostic) -> Token {
        let start = position
        guard let content = quoted("'") else {
            position = start + 1
            throw failure(
                "this text has no closing quote", from: start,
                hint: "a quote inside a text is written twice: 'it''s'")
        }
        return token(.text(content), from: start)
    }

    private mutating func quotedName() throws(Diagnostic) -> Token {
        let start = position
        guard let content = quoted("`") else {
            position = start + 1
            throw failure("this name has no closing backtick", from: start)
        }
        if content.isEmpty { throw failure("a name cannot be empty", from: start) }
        return token(.name(content), from: start)
    }

    private mutating func symbol() throws(Diagnostic) -> Token {
        let start = position
        let pair = String(String.UnicodeScalarView(scalars[start...].prefix(2)))
        position += pair.unicodeScalars.count
        if let symbol = Self.pairs[pair] { return token(.symbol(symbol), from: start) }
        if let hint = Self.foreign[pair] {
            throw failure("`\(pair)` is no operator", from: start, hint: hint)
        }
        position = start + 1
        let mark = written(from: start)
        if let symbol = Symbol(rawValue: mark) { return token(.symbol(symbol), from: start) }
        let name = scalars[start].isASCII ? nil : "a name with other characters goes in backticks"
        throw failure(
            "`\(mark)` has no meaning here", from: start, hint: Self.foreign[mark] ?? name)
    }

    private static let pairs: [String: Symbol] = [
        "==": .equal, "!=": .notEqual, "<>": .notEqual, "<=": .lessOrEqual,
        ">=": .greaterOrEqual, "//": .divideInteger, "||": .concatenate,
    ]

    /// Marks of other languages, and how to say it in this one.
    private static let foreign: [String: String] = [
        "&&": "write `and`", "!": "write `not`", "&": "write `and`",
        "|": "write `or`, or `||` to join texts",
        "\"": "a text stands in single quotes, a name in backticks",
    ]
}

extension Lexer {
    private mutating func skipDigits() -> Bool {
        let start = position
        while peek()?.isDigit == true { position += 1 }
        return position > start
    }

    private mutating func number() throws(Diagnostic) -> Token {
        let start = position
        var isInteger = true
        _ = skipDigits()
        if peek() == "." {
            position += 1
            isInteger = false
            guard skipDigits() else {
                throw failure("a number needs digits after its point", from: start)
            }
        }
        if peek() == "e" || peek() == "E" {
            position += 1
            isInteger = false
            if peek() == "+" || peek() == "-" { position += 1 }
            guard skipDigits() else {
                throw failure("a number needs digits in its exponent", from: start)
            }
        }
        if peek()?.isNamePart == true { return try duration(from: start, isInteger: isInteger) }
        return isInteger ? try integer(from: start) : try double(from: start)
    }

    private func integer(from start: Int) throws(Diagnostic) -> Token {
        let digits = written(from: start)
        guard let magnitude = UInt64(digits) else {
            throw failure(
                "\(digits) is beyond the range of int64", from: start,
                hint: "\(digits).0 is a double")
        }
        return token(.integer(magnitude), from: start)
    }

    private func double(from start: Int) throws(Diagnostic) -> Token {
        let digits = written(from: start)
        guard let value = Double(digits), value.isFinite else {
            throw failure("\(digits) is beyond the range of double", from: start)
        }
        return token(.double(value), from: start)
    }

    private mutating func duration(
        from start: Int, isInteger: Bool
    ) throws(Diagnostic) -> Token {
        while peek()?.isNamePart == true { position += 1 }
        let word = written(from: start)
        let units = EventDuration.units.reversed().map(\.name).joined(separator: " ")
        guard isInteger, let duration = EventDuration(parsing: word) else {
            throw failure(
                "`\(word)` is neither a number nor a duration", from: start,
                hint: "a duration is a positive whole number and one of the units \(units)")
        }
        return token(.duration(duration), from: start)
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { "0" <= self && self <= "9" }

    fileprivate var isBlank: Bool {
        self == " " || self == "\t" || self == "\n" || self == "\r"
    }

    /// Whether a name without backticks may begin with it.
    var isNameStart: Bool {
        ("a" <= self && self <= "z") || ("A" <= self && self <= "Z") || self == "_"
    }

    /// Whether it may stand in a name without backticks.
    var isNamePart: Bool { isNameStart || isDigit }
}
