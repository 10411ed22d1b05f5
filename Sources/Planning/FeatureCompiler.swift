import Aggregates
import Definitions
import Expressions
import Values

/// Checks the features of one view and expands their lists of windows.
struct FeatureCompiler {
    let scope: Scope
    let kept: KeptNames
    var diagnostics = Diagnostics()
    private var origins: [String: Origin] = [:]

    /// Where a feature's final name comes from.
    private struct Origin {
        let name: Name
        let suffix: String
    }

    init(scope: Scope, keeping kept: KeptNames) {
        self.scope = scope
        self.kept = kept
    }

    mutating func compile(_ features: [FeatureDefinition]) -> UndigestedFeatures {
        var result = UndigestedFeatures()
        for feature in features {
            switch feature.body {
            case .latest(let expression):
                guard claim(feature.name, suffix: ""),
                    let typed = latest(expression, named: feature.name.value)
                else { continue }
                result.latest.append((feature.name.value, typed))
            case .aggregate(let aggregate):
                result.aggregates += compile(aggregate, named: feature.name)
            }
        }
        return result
    }

    private mutating func latest(_ text: ExpressionText, named name: String) -> TypedExpression? {
        diagnostics.collect { () throws(Diagnostic) in
            let typed = try text.typed(in: scope)
            try refuseAbstract(typed.type, of: "the feature `\(name)`", at: text)
            return typed
        }
    }

    private mutating func compile(
        _ aggregate: AggregateDefinition, named name: Name
    ) -> [UndigestedAggregate] {
        let (scope, kept) = (scope, kept.window(of: name))
        let input = aggregate.input.flatMap { input in
            diagnostics.collect { () throws(Diagnostic) in try input.typed(in: scope) }
        }
        let filter = aggregate.filter.flatMap { filter in
            diagnostics.collect { () throws(Diagnostic) in try filter.condition(in: scope) }
        }
        let windows = diagnostics.collect { () throws(Diagnostic) in
            try aggregate.resolvedWindows(keeping: kept)
        }
        guard aggregate.input == nil || input != nil, let windows,
            let type = resultType(aggregate, input)
        else { return [] }
        return windows.compactMap { suffix, window in
            guard claim(name, suffix: suffix) else { return nil }
            return UndigestedAggregate(
                name: name.value + suffix, function: aggregate.function.value, input: input,
                filter: filter, window: window, type: type)
        }
    }

    private mutating func resultType(
        _ aggregate: AggregateDefinition, _ input: TypedExpression?
    ) -> DataType? {
        do {
            return try aggregate.function.value.resultType(of: input?.type)
        } catch {
            diagnostics.report(
                aggregate.input?.diagnostic(error.message, hint: error.hint)
                    ?? aggregate.function.diagnostic(error.message, hint: error.hint))
            return nil
        }
    }

    /// Takes a feature's final name, which must be free.
    private mutating func claim(_ name: Name, suffix: String) -> Bool {
        let full = name.value + suffix
        guard let other = origins[full] else {
            origins[full] = Origin(name: name, suffix: suffix)
            return true
        }
        let reason =
            suffix.isEmpty && other.suffix.isEmpty
            ? "it is already at \(other.name.location)"
            : "`\(other.name.value)` at \(other.name.location) and `\(name.value)` both give it"
        diagnostics.report(
            name.diagnostic(
                "the feature `\(full)` is defined twice; \(reason)",
                hint: "rename one of the two, or change a list of windows"))
        return false
    }
}

/// An aggregate that has no identity yet.
struct UndigestedAggregate {
    let name: String
    let function: AggregateFunction
    let input: TypedExpression?
    let filter: TypedExpression?
    let window: Window
    let type: DataType
}

/// The features of a view that have no identity yet; one of the two lists is empty.
struct UndigestedFeatures {
    var latest: [(name: String, expression: TypedExpression)] = []
    var aggregates: [UndigestedAggregate] = []

    /// All columns that the features need; a tie between latest values is broken by all of them.
    var referencedColumns: [String] {
        latest.flatMap(\.expression.referencedColumns)
            + aggregates.flatMap {
                ($0.input?.referencedColumns ?? []) + ($0.filter?.referencedColumns ?? [])
            }
    }

    /// How long after its event time a row can still matter; nil = for ever.
    var reach: EventDuration? {
        guard latest.isEmpty else { return nil }
        var greatest = EventDuration.zero
        for aggregate in aggregates {
            guard let reach = aggregate.window.reach else { return nil }
            greatest = max(greatest, reach)
        }
        return greatest
    }

    func digested(by identity: ViewIdentity) -> ViewFeatures {
        if aggregates.isEmpty {
            return .latest(
                latest.map { name, expression in
                    let text = identity.text(ofLatest: expression)
                    return LatestFeature(
                        name: name, expression: expression,
                        digest: FeatureDigest(ofCanonicalText: text), canonicalText: text)
                })
        }
        return .aggregates(
            aggregates.map { feature in
                let text = identity.text(of: feature)
                return AggregateFeature(
                    name: feature.name, function: feature.function, input: feature.input,
                    filter: feature.filter, window: feature.window, type: feature.type,
                    digest: FeatureDigest(ofCanonicalText: text), canonicalText: text)
            })
    }
}
