/// How tightly operators bind, loosest first, as in SQL.
enum Precedence: Int, Comparable {
    case or, and, not, comparison, concatenation, sum, product, unary, primary

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

    /// The next tighter level.
    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }

    /// The level of a binary operator; nil for anything else.
    init?(ofBinary name: String) {
        switch name {
        case "or": self = .or
        case "and": self = .and
        case "=", "!=", "<", "<=", ">", ">=": self = .comparison
        case "||": self = .concatenation
        case "+", "-": self = .sum
        case "*", "/", "//", "%": self = .product
        default: return nil
        }
    }
}

/// The names of operators and forms that are no functions of the table.
enum FormName {
    static let negation = "unary -"
    static let not = "not"
    static let and = "and"
    static let or = "or"
    static let isNull = "is null"
    static let isNotNull = "is not null"
    static let conditional = "if"
    static let coalesce = "coalesce"
    static let searchedCase = "case"
    static let simpleCase = "case x"
    static let between = "between"
    static let membership = "in"
    static let like = "like"
    static let list = "[]"
    static let nullIf = "nullif"
    static let least = "least"
    static let greatest = "greatest"
    static let concat = "concat"
}
