import Aggregates
import Definitions
import Expressions
import Values

/// What the features of one view share of their identity.
///
/// In it: all that can change a number in any mode. Not in it: where rows are, topics, names of
/// views and features, tags, owners, descriptions, and other features of the view.
///
/// The last needs a word for latest values: rows that agree in key, event time and known-at are
/// ordered by all features of the view, so a feature that is added can decide such a tie in
/// another way. The digests stay the same nevertheless: both rows are equally the newest, every
/// mode of one plan still picks the same one, and a model must not be refused because its view
/// gained a feature.
struct ViewIdentity {
    /// The version of the rules by which values are computed; part of every digest.
    static let semanticsVersion = 1
    /// The version of the canonical text; a change of its form changes every digest.
    static let textVersion = 1

    let source: SourcePlan
    let entity: EntityPlan
    let keys: [KeyPart]
    let filter: TypedExpression?
    let declaredLateness: LatenessDefinition?
    let maxAhead: EventDuration
    let refresh: Refresh
    let ttl: EventDuration?

    func text(ofLatest expression: TypedExpression) -> String {
        var text = common(using: expression.referencedColumns)
        text.add("latest", expression.canonicalText)
        text.add("type", expression.type.description)
        return text.text
    }

    func text(of feature: UndigestedAggregate) -> String {
        let used =
            (feature.input?.referencedColumns ?? []) + (feature.filter?.referencedColumns ?? [])
        var text = common(using: used)
        text.add("aggregate", feature.function.description)
        if let input = feature.input {
            text.add("input", input.canonicalText)
            text.add("input type", input.type.description)
        }
        if let filter = feature.filter { text.add("feature where", filter.canonicalText) }
        text.add("window", feature.window.canonicalText)
        text.add("type", feature.type.description)
        return text.text
    }

    private func common(using columns: [String]) -> CanonicalText {
        var text = CanonicalText("feature", version: Self.textVersion)
        text.add("semantics", "\(Self.semanticsVersion)")
        text.add("expressions", "\(TypedExpression.canonicalTextVersion)")
        text.add("entity", entity.name)
        for key in keys {
            text.add("key", key.name)
            text.add("key type", key.type.description)
            text.add("key column", key.sourceColumn)
        }
        addSource(to: &text, using: columns)
        if let filter { text.add("where", filter.canonicalText) }
        addRules(to: &text)
        return text
    }

    private func addSource(to text: inout CanonicalText, using columns: [String]) {
        text.add("source", source.name)
        text.add("event time", source.eventTime)
        if let knownAt = source.knownAt { text.add("known at", knownAt) }
        text.add("zone", source.zone ?? "UTC")
        let used = keys.map(\.sourceColumn) + (filter?.referencedColumns ?? []) + columns
        let needed = source.needed(for: used)
        // By name, because the order of a schema means nothing.
        for field in source.schema.fields.sorted(by: { $0.name.utf8Precedes($1.name) })
        where needed.contains(field.name) {
            text.add("column", field.name)
            text.add("column type", field.type.description)
        }
        for column in source.computed.sorted(by: { $0.name.utf8Precedes($1.name) })
        where needed.contains(column.name) {
            text.add("computed", column.name)
            text.add("computed type", column.expression.type.description)
            text.add("computed as", column.expression.canonicalText)
        }
    }

    private func addRules(to text: inout CanonicalText) {
        switch declaredLateness {
        case .unlimited: text.add("lateness", "unlimited")
        case .atMost(let duration): text.add("lateness", duration.description)
        case nil: break
        }
        text.add("max ahead", maxAhead.description)
        text.add("refresh", refresh.canonicalText)
        if let ttl { text.add("ttl", ttl.description) }
    }
}

extension Refresh {
    /// The normalised spelling, with what training waits for.
    package var canonicalText: String {
        switch self {
        case .stream(.zero): "stream"
        case .stream(let delay): "stream visible_delay \(delay)"
        case .every(let period, let delay): "every \(period) delay \(delay)"
        }
    }
}

extension Window {
    /// The normalised spelling, with the hop or the bound that holds.
    package var canonicalText: String {
        switch self {
        case .lifetime: "lifetime"
        case .tiled(let length, let hop): "over \(length) hop \(hop)"
        case .exact(let length, let maxEvents): "over \(length) exact max_events \(maxEvents)"
        }
    }
}

extension String {
    /// Order by UTF-8 bytes, which no locale and no normalisation changes.
    func utf8Precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
