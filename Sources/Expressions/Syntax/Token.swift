public import Values

/// A word of the language that cannot stand as a name unless it is in backticks.
///
/// Names of functions are no keywords: `hour` is a column, `hour(x)` a call.
public enum Keyword: String, CaseIterable, Hashable, Sendable {
    case and, or, not, `is`, null, `true`, `false`, `if`, cast, `as`
    case `case`, when, then, `else`, end, `in`, between, like
    case `where`, over, hop, exact, maxEvents = "max_events", `for`
}

/// A mark of punctuation; the two spellings of equality and of inequality are one symbol each.
public enum Symbol: String, CaseIterable, Hashable, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case divideInteger = "//"
    case remainder = "%"
    case concatenate = "||"
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBracket = "["
    case closeBracket = "]"
    case comma = ","
    case dot = "."
}

/// A word, number, text or mark of an expression, with its place.
public struct Token: Hashable, Sendable {
    /// What a token is.
    public enum Kind: Hashable, Sendable {
        /// A name, without the backticks it may have been written in.
        case name(String)
        case keyword(Keyword)
        /// A whole number without a sign; it may be greater than any `int64`.
        case integer(UInt64)
        /// A number with a point or an exponent.
        case double(Double)
        /// The content of a text in single quotes.
        case text(String)
        /// A whole number with a unit, such as `7d`.
        case duration(EventDuration)
        case symbol(Symbol)
        /// The end of the text; it comes again and again.
        case end
    }

    /// What it is.
    public let kind: Kind
    /// How it was written.
    public let text: String
    /// Where its first character is.
    public let location: SourceLocation
    /// How many Unicode scalars stand before it in the text.
    public let offset: Int
    /// How many Unicode scalars it has.
    public let length: Int
}

extension Token: CustomStringConvertible {
    /// How a message names it: as written, in backticks.
    public var description: String {
        switch kind {
        case .end: "the end"
        case .name where text.hasPrefix("`"): text
        case .text: text
        default: "`\(text)`"
        }
    }
}
