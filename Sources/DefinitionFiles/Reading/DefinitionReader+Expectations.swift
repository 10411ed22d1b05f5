import Definitions
import Values

extension DefinitionReader {
    /// The list under `expect:`; an expectation of several columns is one of each.
    mutating func expectations(_ map: MapReader) -> [ExpectationDefinition] {
        guard let node = value("expect", in: map), let items = list(node, "`expect`") else {
            return []
        }
        return items.flatMap { expectation($0) }
    }

    private mutating func expectation(_ node: YAMLNode) -> [ExpectationDefinition] {
        let names = ExpectationDefinition.ruleNames
        guard let map = map(node, .expectation) else { return [] }
        let action = value("action", in: map).flatMap { self.action($0) }
        let tolerated = value("tolerate", in: map).flatMap { node in
            parsed(node, "`tolerate`") { text throws(Diagnostic) in try Share.located(text) }
        }
        let found = map.entries.filter { names.contains($0.key) }
        guard let entry = found.first else {
            if map.entries.allSatisfy({ map.shape.key($0.key) != nil }) {
                report(
                    node.head, "an expectation has no rule",
                    hint: "the rules are \(names.joined(separator: ", "))")
            }
            return []
        }
        if found.count > 1 {
            report(
                found[1].keyNode,
                "an expectation has one rule; after `\(entry.key)` comes `\(found[1].key)`",
                hint: "begin another item: `- \(found[1].key): ...`")
            return []
        }
        if node.isFlow, entry.key == "that" {
            report(
                node, "an expectation with an expression cannot stand in braces",
                hint: "write it without them: `- that: EXPRESSION`")
            return []
        }
        guard let value = value(entry.key, in: map), let key = word(entry.keyNode, "a rule")
        else { return [] }
        return rules(entry.key, value).map {
            ExpectationDefinition(key: key, rule: $0, action: action, tolerated: tolerated)
        }
    }

    private mutating func action(_ node: YAMLNode) -> Located<ExpectationAction>? {
        guard let text = text(node, "`action`") else { return nil }
        if let action = ExpectationAction(rawValue: text.text) {
            return text.name.map { _ in action }
        }
        let all = ExpectationAction.allCases.map(\.rawValue)
        let guess = nearestName(to: text.text, among: all).map { "did you mean `\($0)`?" }
        report(
            node, "there is no action `\(text.text)`",
            hint: guess ?? "the actions are \(all.joined(separator: ", "))")
        return nil
    }

    private mutating func rules(
        _ key: String, _ node: YAMLNode
    ) -> [ExpectationDefinition.Rule] {
        switch key {
        case "not_null": return columnNames(node, key).map { .notNull($0) }
        case "unique":
            let columns = columnNames(node, key)
            return columns.isEmpty ? [] : [.unique(columns)]
        case "range": return range(node).map { [$0] } ?? []
        case "accepted": return accepted(node).map { [$0] } ?? []
        case "freshness":
            let age = parsed(node, "`freshness`") { text throws(Diagnostic) in
                try DurationText.positive(text)
            }
            return age.map { [.freshness($0.value)] } ?? []
        case "volume": return volume(node).map { [$0] } ?? []
        default: return condition(node).map { [$0] } ?? []
        }
    }

    /// One column, or a list of them.
    private mutating func columnNames(_ node: YAMLNode, _ key: String) -> [Name] {
        guard case .sequence(let items) = node.content else {
            return word(node, "a column of `\(key)`").map { [$0] } ?? []
        }
        if items.isEmpty { report(node, "`\(key)` names no column") }
        let names = items.map { word($0, "a column of `\(key)`") }
        return names.contains { $0 == nil } ? [] : names.compactMap { $0 }
    }

    private mutating func range(_ node: YAMLNode) -> ExpectationDefinition.Rule? {
        guard let map = map(node, .range) else { return nil }
        let column = value("column", in: map).flatMap { word($0, "a column") }
        let from = value("from", in: map)
        let to = value("to", in: map)
        if map.entry("from") == nil, map.entry("to") == nil {
            report(
                node.head, "`range` has neither `from` nor `to`",
                hint: "add `from:`, `to:` or both; values equal to them are inside")
            return nil
        }
        let low = from.flatMap { text($0, "`from`") }
        let high = to.flatMap { text($0, "`to`") }
        guard let column, (low == nil) == (map.entry("from") == nil),
            (high == nil) == (map.entry("to") == nil)
        else { return nil }
        return .range(column, from: low, to: high)
    }

    private mutating func accepted(_ node: YAMLNode) -> ExpectationDefinition.Rule? {
        guard let map = map(node, .accepted) else { return nil }
        let column = value("column", in: map).flatMap { word($0, "a column") }
        guard let list = value("values", in: map),
            let items = self.list(list, "the values of `accepted`")
        else { return nil }
        if items.isEmpty { report(list, "`accepted` has no values") }
        let values = items.map { text($0, "an accepted value") }
        guard let column, !values.isEmpty, !values.contains(where: { $0 == nil }) else {
            return nil
        }
        return .accepted(column, values.compactMap { $0 })
    }

    private mutating func volume(_ node: YAMLNode) -> ExpectationDefinition.Rule? {
        guard let map = map(node, .volume) else { return nil }
        let within = value("within", in: map).flatMap { node in
            parsed(node, "`within`") { text throws(Diagnostic) in
                try Share.located(text, upTo: Share(partsPerMillion: 100_000_000))
            }
        }
        guard let runs = value("runs", in: map) else {
            return within.map { .volume(runs: 7, within: $0.value) }
        }
        guard let text = text(runs, "`runs`") else { return nil }
        guard let count = Int(text.text), (1...1000).contains(count) else {
            report(
                runs, "`runs` must be a whole number, not `\(text.text)`",
                hint: "write how many runs to compare with, from 1 to 1000")
            return nil
        }
        return within.map { .volume(runs: count, within: $0.value) }
    }

    private mutating func condition(_ node: YAMLNode) -> ExpectationDefinition.Rule? {
        guard let text = text(node, "`that`"), let condition = expression(node, "`that`") else {
            return nil
        }
        return .that(condition, text: text.text)
    }
}
