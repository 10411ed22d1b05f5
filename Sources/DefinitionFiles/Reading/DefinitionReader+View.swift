import Definitions
import Expressions
import Values

extension DefinitionReader {
    mutating func view(_ node: YAMLNode) -> ViewDefinition? {
        guard let map = map(node, .view) else { return nil }
        let name = value("name", in: map).flatMap { identifier($0, "the name of a view") }
        let entity = value("entity", in: map).flatMap { identifier($0, "an entity") }
        let source = value("source", in: map).flatMap { identifier($0, "a source") }
        let keyBindings = value("keys", in: map).map { bindings($0) } ?? []
        let refresh = refresh(map)
        let filter = value("where", in: map).flatMap { expression($0, "`where`") }
        let features = value("features", in: map).map { self.features($0) }
        let kept = value("keep", in: map).map { keptNames($0) } ?? []
        let ttl = duration("ttl", in: map) { text throws(Diagnostic) in
            try DurationText.positive(text)
        }
        let lateness = duration("lateness", in: map) { text throws(Diagnostic) in
            let lateness = try LatenessDefinition(parsing: text)
            return text.name.map { _ in lateness }
        }
        let maxAhead = nonnegative("max_ahead", in: map)
        let visibleDelay = nonnegative("visible_delay", in: map)
        let expectations = expectations(map)
        let annotations = annotations(map)
        guard let name, let entity, let source, let refresh, let features else { return nil }
        return ViewDefinition(
            name: name, entity: entity, source: source, keys: keyBindings, refresh: refresh,
            filter: filter, features: features, kept: kept, ttl: ttl, lateness: lateness,
            maxAhead: maxAhead, visibleDelay: visibleDelay, expectations: expectations,
            annotations: annotations)
    }

    private mutating func refresh(_ map: MapReader) -> Located<RefreshDefinition>? {
        value("refresh", in: map).flatMap { node in
            parsed(node, "`refresh`") { text throws(Diagnostic) in
                let refresh = try RefreshDefinition(parsing: text)
                return text.name.map { _ in refresh }
            }
        }
    }

    private mutating func duration<Value>(
        _ key: String, in map: MapReader, _ parse: (ScalarText) throws(Diagnostic) -> Value
    ) -> Value? {
        value(key, in: map).flatMap { parsed($0, "`\(key)`", parse) }
    }

    private mutating func nonnegative(_ key: String, in map: MapReader) -> Located<EventDuration>? {
        duration(key, in: map) { text throws(Diagnostic) in try DurationText.nonnegative(text) }
    }

    private mutating func bindings(_ node: YAMLNode) -> [KeyBinding] {
        guard let entries = entries(node, "the keys of a view") else { return [] }
        return entries.compactMap { entry in
            guard let key = word(entry.keyNode, "a key"),
                let column = word(entry.value, "the column of a key")
            else { return nil }
            return KeyBinding(key: key, column: column)
        }
    }

    private mutating func keptNames(_ node: YAMLNode) -> [KeptName] {
        guard let entries = entries(node, "`keep`") else { return [] }
        return entries.compactMap { entry in
            guard let feature = word(entry.keyNode, "a feature") else { return nil }
            let window = parsed(entry.value, "a window of `keep`") { text throws(Diagnostic) in
                WindowDefinition(text: text.text, length: try DurationText.positive(text))
            }
            return window.map { KeptName(feature: feature, window: $0) }
        }
    }

    /// A list of columns, or a map from names to expressions or aggregates.
    private mutating func features(_ node: YAMLNode) -> [FeatureDefinition] {
        switch node.content {
        case .sequence(let items): return columnFeatures(node, items)
        case .mapping(let entries): return namedFeatures(node, entries)
        case .scalar:
            report(
                node, "the features of a view must be a map or a list of columns, not \(node.kind)",
                hint: "write `NAME: EXPRESSION` lines")
            return []
        }
    }

    private mutating func columnFeatures(
        _ node: YAMLNode, _ items: [YAMLNode]
    ) -> [FeatureDefinition] {
        let isPlain = items.allSatisfy { item in
            if case .scalar(let text, _) = item.content { return text.isIdentifier }
            return false
        }
        guard isPlain else {
            if node.isFlow {
                refuseFlow(node, "features in brackets can be plain columns only")
            } else {
                report(
                    node, "a list of features can hold plain columns only",
                    hint: "write a map of `NAME: EXPRESSION` lines")
            }
            return []
        }
        if items.isEmpty { report(node, "a view needs a feature") }
        return items.compactMap { item in
            parsed(item, "a feature") { text throws(Diagnostic) in
                let isKeyword = Keyword(rawValue: text.text) != nil
                let quoted = ScalarText("`\(text.text)`", at: text.location, isExact: false)
                let column = try ExpressionText(parsing: isKeyword ? quoted : text)
                return FeatureDefinition(name: text.name, body: .latest(column))
            }
        }
    }

    private mutating func namedFeatures(
        _ node: YAMLNode, _ entries: [YAMLEntry]
    ) -> [FeatureDefinition] {
        if node.isFlow {
            refuseFlow(node, "features with expressions cannot stand in braces")
            return []
        }
        if entries.isEmpty { report(node, "a view needs a feature") }
        return entries.compactMap { entry in
            guard let name = identifier(entry.keyNode, "the name of a feature") else { return nil }
            guard !entry.value.isEmpty else {
                report(entry.keyNode, "the feature `\(entry.key)` has no expression")
                return nil
            }
            let body = parsed(entry.value, "a feature") { text throws(Diagnostic) in
                try FeatureBody(parsing: text)
            }
            return body.map { FeatureDefinition(name: name, body: $0) }
        }
    }
}
