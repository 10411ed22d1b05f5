import Values

// The canonical text goes into digests. It is a fully determined spelling of the checked tree:
// one blank around binary operators, parentheses only where the tree needs them, `=` and `!=`,
// exact literals (doubles by their shortest round trip), names in backticks only on need. Parsing
// it gives a tree with the same canonical text and the same meaning. Operand order is kept.

extension TypedExpression {
    /// The version of the spelling; a change of any spelling changes it, and so every digest.
    public static let canonicalTextVersion = 1

    /// The one normalised spelling of the expression, over the names of the batch's columns.
    public var canonicalText: String { spelling.text }

    private var spelling: (text: String, precedence: Precedence) {
        switch node {
        case .literal(let value): (Self.spell(value), .primary)
        case .zone(let zone): (Self.quoted(zone.name, "'"), .primary)
        case .column(let name): (Self.spellName(name), .primary)
        case .widened(let operand): operand.spelling
        case .cast(let operand): ("cast(\(operand.canonicalText) as \(type))", .primary)
        case .call(let name, _, let arguments): Self.spell(name, arguments)
        case .form(let form, let arguments): Self.spell(form, arguments)
        }
    }

    private func spelled(atLeast precedence: Precedence) -> String {
        let (text, own) = spelling
        return own < precedence ? "(\(text))" : text
    }

    private static func spell(
        _ name: String, _ arguments: [TypedExpression]
    ) -> (text: String, precedence: Precedence) {
        switch name {
        case FormName.negation: (negation(of: arguments[0]), .unary)
        case FormName.not: ("not \(arguments[0].spelled(atLeast: .not))", .not)
        case FormName.isNull, FormName.isNotNull:
            ("\(arguments[0].spelled(atLeast: .concatenation)) \(name)", .comparison)
        case FormName.like: (like(arguments), .comparison)
        default:
            if let level = Precedence(ofBinary: name) {
                (binary(name, arguments, level), level)
            } else {
                ("\(name)(\(arguments.map(\.canonicalText).joined(separator: ", ")))", .primary)
            }
        }
    }

    private static func spell(
        _ form: Form, _ arguments: [TypedExpression]
    ) -> (text: String, precedence: Precedence) {
        switch form {
        case .searchedCase: (cases("case", arguments[...]), .primary)
        case .simpleCase:
            (cases("case \(arguments[0].canonicalText)", arguments.dropFirst()), .primary)
        case .between:
            (
                arguments[0].spelled(atLeast: .concatenation) + " between "
                    + arguments[1].spelled(atLeast: .concatenation) + " and "
                    + arguments[2].spelled(atLeast: .concatenation), .comparison
            )
        case .in:
            (
                "\(arguments[0].spelled(atLeast: .concatenation)) in "
                    + "(\(list(arguments.dropFirst())))", .comparison
            )
        case .list: ("[\(list(arguments[...]))]", .primary)
        default: spell(form.rawValue, arguments)
        }
    }

    private static func list(_ items: ArraySlice<TypedExpression>) -> String {
        items.map(\.canonicalText).joined(separator: ", ")
    }

    private static func cases(_ start: String, _ arms: ArraySlice<TypedExpression>) -> String {
        var (text, arms) = (start, arms)
        while arms.count >= 2, let label = arms.popFirst(), let result = arms.popFirst() {
            text += " when \(label.canonicalText) then \(result.canonicalText)"
        }
        if let rest = arms.first { text += " else \(rest.canonicalText)" }
        return text + " end"
    }

    private static func like(_ arguments: [TypedExpression]) -> String {
        let parts = arguments.map { $0.spelled(atLeast: .concatenation) }
        return "\(parts[0]) like \(parts[1])" + (parts.count > 2 ? " escape \(parts[2])" : "")
    }

    /// A comparison does not chain, so both its sides stand one level higher.
    private static func binary(
        _ name: String, _ arguments: [TypedExpression], _ level: Precedence
    ) -> String {
        let left = arguments[0].spelled(atLeast: level == .comparison ? .concatenation : level)
        return "\(left) \(name) \(arguments[1].spelled(atLeast: level.next))"
    }

    /// A minus before a literal belongs to the literal, hence the parentheses.
    private static func negation(of operand: TypedExpression) -> String {
        let text = operand.spelled(atLeast: .primary)
        return text.hasPrefix("-") ? "-(\(text))" : "-\(text)"
    }

    private static func spell(_ value: Scalar) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): value.description
        case .string(let text): quoted(text, "'")
        case .timestamp(let time): "timestamp '\(time)'"
        default: preconditionFailure("a literal of a type that has none")
        }
    }

    /// `name` as it stands in an expression: in backticks unless it is a plain word.
    static func spellName(_ name: String) -> String {
        let scalars = name.unicodeScalars
        let isPlain =
            scalars.first?.isNameStart == true && scalars.allSatisfy(\.isNamePart)
            && Keyword(rawValue: name) == nil
        return isPlain ? name : quoted(name, "`")
    }

    private static func quoted(_ text: String, _ quote: Unicode.Scalar) -> String {
        var quoted = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            quoted.append(scalar)
            if scalar == quote { quoted.append(scalar) }
        }
        quoted.append(quote)
        return String(quoted)
    }
}
