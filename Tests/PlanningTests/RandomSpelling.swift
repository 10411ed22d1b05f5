/// Writes a definition in one of the many ways that mean the same.
///
/// What varies is what the language promises to normalise: white space, comments, the order of
/// keys, defaults, units, parentheses, quotes; and what no digest holds: paths, topics, owners,
/// tags, other columns, the order of definitions.
struct RandomSpelling<Generator: RandomNumberGenerator> {
    var generator: Generator

    mutating func yaml(of definition: RandomDefinition) -> String {
        let parts = shuffled([
            "entities:\n" + item(["name: shop", "keys: { shop: string }"]),
            "sources:\n" + item(source(definition)), "views:\n" + item(view(definition)),
        ])
        return "project: \(pick("a", "b"))\n" + parts.joined()
    }

    private mutating func source(_ definition: RandomDefinition) -> [String] {
        let factor = expression("amount * \(definition.factor)")
        var columns = [
            "shop: string", "amount: \(definition.isFloat ? "float" : "double")",
            "status: string", "at: timestamp",
        ]
        if flip() { columns.append("spare: \(pick("int32", "int64"))") }
        var computed = [
            "scaled: \(factor)",
            "happened: \(expression("at + minutes(\(definition.minutesAfter))"))",
        ]
        if flip() { computed.append("unused: \(expression("amount + 1"))") }
        var lines = [
            "name: sales", "event_time: happened",
            block("schema", shuffled(columns)), block("columns", shuffled(computed)),
            block("batch", ["parquet: \(pick("data/a", "elsewhere"))"]),
        ]
        if definition.hasKnownAt { lines.append("known_at: at") }
        if definition.hasZone {
            lines.append("zone: Europe/Paris")
        } else if flip() {
            lines.append("zone: UTC")
        }
        if flip() { lines.append("owner: \(pick("ada", "bob"))") }
        if flip() {
            lines.append(block("stream", ["kafka: { topic: t, format: json }"]))
        }
        return lines
    }

    private mutating func view(_ definition: RandomDefinition) -> [String] {
        let features = definition.features.enumerated().map { index, feature in
            "f\(index): \(scalar(text(of: feature)))"
        }
        var lines = [
            "name: \(pick("sold", "sold_too"))", "entity: shop", "source: sales",
            "where: \(expression("status \(pick("!=", "<>")) 's\(definition.status)'"))",
            block("features", shuffled(features)), refresh(definition),
        ]
        if let lateness = definition.lateness {
            lines.append("lateness: \(hours(lateness))")
        }
        if definition.maxAhead != 5 || flip() {
            lines.append("max_ahead: \(minutes(definition.maxAhead))")
        }
        let isStream = definition.period == nil
        if definition.visibleDelay != 0 || isStream && flip() {
            lines.append("visible_delay: \(definition.visibleDelay)\(pick("s", "000ms"))")
        }
        if let ttl = definition.ttl { lines.append("ttl: \(hours(ttl))") }
        if flip() { lines.append("tags: [\(pick("x", "y"))]") }
        return lines
    }

    private mutating func refresh(_ definition: RandomDefinition) -> String {
        guard let period = definition.period else { return "refresh: stream" }
        return "refresh: every \(hours(period))\(pick(" ", "  "))delay \(minutes(10))"
    }

    private mutating func text(of feature: RandomDefinition.Feature) -> String {
        let column = feature.isComputed ? "scaled" : "amount"
        let input = feature.functionName == "count" ? "" : parenthesised(column)
        var text = "\(feature.functionName)(\(blank())\(input)\(blank()))"
        if let condition = feature.condition {
            text += " where " + parenthesised("amount >\(blank())\(condition)")
        }
        guard let window = feature.window else { return text }
        text += pick(" over ", "  over ") + hours(window)
        if let maxEvents = feature.maxEvents { return text + " exact max_events \(maxEvents)" }
        let standard = window <= 1 ? 1 : 5
        if let hop = feature.hop {
            text += " hop \(minutes(hop))"
        } else if flip() {
            text += " hop \(minutes(standard))"
        }
        return text
    }

    private mutating func expression(_ text: String) -> String { scalar(parenthesised(text)) }

    private mutating func parenthesised(_ text: String) -> String {
        flip() ? "(\(blank())\(text)\(blank()))" : text
    }

    /// Texts without double quotes can stand plain, in double quotes or as a block.
    private mutating func scalar(_ text: String) -> String {
        pick(text + comment(), "\"\(text)\"", ">-\n          \(text)")
    }

    private mutating func hours(_ count: Int) -> String {
        pick("\(count)h", "\(count * 60)m", "\(count * 3600)s")
    }

    private mutating func minutes(_ count: Int) -> String {
        pick("\(count)m", "\(count * 60)s", "\(count * 60_000)ms")
    }

    private mutating func item(_ lines: [String]) -> String {
        let lines = shuffled(lines)
        return lines.enumerated().map { index, line in
            (index == 0 ? "  - " : "    ") + line + "\n" + (flip() ? "    # a comment\n" : "")
        }.joined()
    }

    private mutating func block(_ key: String, _ lines: [String]) -> String {
        "\(key):\n" + lines.map { "      " + $0 }.joined(separator: flip() ? "\n\n" : "\n")
    }

    private mutating func comment() -> String { flip() ? "   # why" : "" }

    private mutating func blank() -> String { pick("", " ", "  ") }

    private mutating func flip() -> Bool { .random(using: &generator) }

    private mutating func pick(_ choices: String...) -> String {
        choices.randomElement(using: &generator) ?? ""
    }

    private mutating func shuffled(_ lines: [String]) -> [String] {
        lines.shuffled(using: &generator)
    }
}
