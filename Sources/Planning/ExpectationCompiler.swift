import Definitions
import Expressions
import Values

/// Checks the expectations of one source or view and turns each rule about rows into a condition.
///
/// A rule is a short spelling of an expression: `not_null: x` is `x is not null`. So one evaluator
/// checks all of them, and quarantine is a filter like any other.
struct ExpectationCompiler {
    /// Declared and computed columns.
    let fields: [Field]
    let zones: ZoneCatalog

    func compile(
        _ definitions: [ExpectationDefinition], reporting diagnostics: inout Diagnostics
    ) -> [Expectation] {
        definitions.compactMap { definition in
            diagnostics.collect { () throws(Diagnostic) in try compile(definition) }
        }
    }

    private func compile(_ definition: ExpectationDefinition) throws(Diagnostic) -> Expectation {
        let (text, rule) = try rule(definition)
        let action = definition.action?.value ?? .stop
        try check(definition, rule, action)
        let tolerated = definition.tolerated?.value ?? (action == .quarantine ? .all : .none)
        return Expectation(text: text, rule: rule, action: action, tolerated: tolerated)
    }

    private func check(
        _ definition: ExpectationDefinition, _ rule: Expectation.Rule, _ action: ExpectationAction
    ) throws(Diagnostic) {
        if case .holds = rule { return }
        let key = definition.key.value
        if let action = definition.action, action.value == .quarantine {
            let hint =
                key == "unique"
                ? "which of equal rows is the wrong one? Use `stop` or `warn`"
                : "use `stop` or `warn`"
            throw action.diagnostic("`\(key)` points at no row to set aside", hint: hint)
        }
        if case .unique = rule { return }
        guard let tolerated = definition.tolerated else { return }
        throw tolerated.diagnostic(
            "`\(key)` is about all rows together, so no share of them can break it",
            hint: key == "volume" ? "`within:` says how far the number may be off" : nil)
    }

    private func rule(
        _ definition: ExpectationDefinition
    ) throws(Diagnostic) -> (text: String, rule: Expectation.Rule) {
        switch definition.rule {
        case .notNull(let name):
            let column = try column(name)
            return (
                "not_null \(column.name)", try holds("\(column.quoted) is not null", at: name)
            )
        case .range(let name, let from, let to): return try range(name, from, to)
        case .accepted(let name, let values): return try accepted(name, values)
        case .unique(let names):
            let columns = try unique(names)
            return ("unique \(columns.joined(separator: ", "))", .unique(columns))
        case .freshness(let age): return ("freshness \(age)", .freshness(age))
        case .volume(let runs, let within):
            let last = runs == 1 ? "the last run" : "the last \(runs) runs"
            return ("volume within \(within) of \(last)", .volume(runs: runs, within: within))
        case .that(let condition, let text):
            return (
                "that \(text)", .holds(try condition.condition(in: Scope(fields, zones: zones)))
            )
        }
    }

    private func range(
        _ name: Name, _ from: ScalarText?, _ to: ScalarText?
    ) throws(Diagnostic) -> (text: String, rule: Expectation.Rule) {
        let column = try column(name)
        guard column.type.isOrdered else {
            throw name.diagnostic(
                "a \(column.type) has no range",
                hint: "a range is of numbers, timestamps or dates; use `accepted:` or `that:`")
        }
        let low = try from.map { text throws(Diagnostic) in try literal(text, of: column) }
        let high = try to.map { text throws(Diagnostic) in try literal(text, of: column) }
        if let from, let to, let first = Double(from.text), let last = Double(to.text),
            first > last
        {
            throw from.name.diagnostic(
                "`from` is greater than `to`: no value is between \(from.text) and \(to.text)")
        }
        let bounds = [
            low.map { "\(column.quoted) >= \($0)" }, high.map { "\(column.quoted) <= \($0)" },
        ]
        let condition = bounds.compactMap { $0 }.joined(separator: " and ")
        return (
            "range \(column.name) \(from?.text ?? "") .. \(to?.text ?? "")".trimmedRight,
            try holds(condition, at: name)
        )
    }

    private func accepted(
        _ name: Name, _ values: [ScalarText]
    ) throws(Diagnostic) -> (text: String, rule: Expectation.Rule) {
        let column = try column(name)
        var tests: [String] = []
        for value in values { tests.append("\(column.quoted) = \(try literal(value, of: column))") }
        return (
            "accepted \(column.name) \(values.map(\.text).joined(separator: ", "))",
            try holds(tests.balanced(by: "or"), at: name)
        )
    }

    private func unique(_ names: [Name]) throws(Diagnostic) -> [String] {
        var columns: [String] = []
        for name in names {
            let column = try column(name).name
            guard !columns.contains(column) else {
                throw name.diagnostic("`unique` names `\(column)` twice")
            }
            columns.append(column)
        }
        return columns
    }

    private func column(_ name: Name) throws(Diagnostic) -> Field {
        if let field = fields.first(where: { $0.name == name.value }) { return field }
        throw name.diagnostic(
            "unknown column `\(name.value)`",
            hint: remedy(for: name.value, among: fields.map(\.name)))
    }

    /// The condition `text`, about which nothing can be wrong but the types.
    private func holds(_ text: String, at name: Name) throws(Diagnostic) -> Expectation.Rule {
        let scalar = ScalarText(text, at: name.location, isExact: false)
        return .holds(
            try ExpressionText(parsing: scalar).condition(in: Scope(fields, zones: zones)))
    }
}

// What a person writes as a bound or as an accepted value, as a literal of the column's type.

private func literal(_ text: ScalarText, of column: Field) throws(Diagnostic) -> String {
    if let literal = spelling(text.text, column.type) { return literal }
    let hint: String? =
        switch column.type {
        case .timestamp: "write it as 2024-01-31T10:00:00Z"
        case .date: "write it as 2024-01-31"
        case .decimal(let precision, let scale):
            "it has at most \(precision) digits, \(scale) of them behind the point"
        case .bool: "write true or false"
        default: nil
        }
    throw text.name.diagnostic(
        "`\(text.text)` is no \(column.type), as `\(column.name)` is", hint: hint)
}

private func spelling(_ text: String, _ type: DataType) -> String? {
    switch type {
    case .bool: return ["true", "false"].contains(text) ? text : nil
    case .int32, .int64: return Int64(text).map { "\($0)" }
    case .float, .double: return isNumber(text) ? text : nil
    case .string:
        return "'"
            + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            + "'"
    case .decimal(let precision, let scale):
        return Decimal128(parsing: text, precision: precision, scale: scale).map {
            "cast('\($0)' as \(type))"
        }
    case .timestamp: return (try? EventTime(parsing: text)).map { "timestamp '\($0)'" }
    case .date:
        guard let time = try? EventTime(parsing: text + "T00:00:00Z"), text.utf8.count == 10 else {
            return nil
        }
        return "cast(timestamp '\(time)' as date)"
    default: return nil
    }
}

/// Whether it is a number as expressions spell it, maybe with a sign, that a double can hold.
private func isNumber(_ text: String) -> Bool {
    let digits = text.first == "-" ? text.dropFirst() : text[...]
    guard let first = digits.first, ("0"..."9").contains(first), digits.last != "." else {
        return false
    }
    let isSpelled = digits.allSatisfy { ("0"..."9").contains($0) || "eE.+-".contains($0) }
    return isSpelled && Double(text)?.isFinite == true
}

extension Field {
    /// The name as an expression spells it, whatever letters it has.
    fileprivate var quoted: String { "`\(name)`" }
}

extension DataType {
    /// Whether values lie between others in a way that people mean.
    fileprivate var isOrdered: Bool {
        switch self {
        case .int32, .int64, .float, .double, .decimal, .timestamp, .date: true
        default: false
        }
    }
}

extension [String] {
    /// The parts joined so that nesting grows with the logarithm of their number.
    fileprivate func balanced(by word: String) -> String {
        guard count > 2 else { return joined(separator: " \(word) ") }
        let left = Array(prefix(count / 2)).balanced(by: word)
        let right = Array(dropFirst(count / 2)).balanced(by: word)
        return "(\(left)) \(word) (\(right))"
    }
}

extension String {
    fileprivate var trimmedRight: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
