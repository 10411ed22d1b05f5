import Definitions
import Expressions
import Values

/// Checks one view and compiles it.
struct ViewCompiler {
    private let view: ViewDefinition
    /// Whether something of the view could not be read.
    private let isPartial: Bool
    private let entities: PlanTable<EntityPlan>
    private let sources: PlanTable<SourcePlan>
    private let zones: ZoneCatalog
    private var diagnostics = Diagnostics()

    init(
        _ view: ViewDefinition, isPartial: Bool, entities: PlanTable<EntityPlan>,
        sources: PlanTable<SourcePlan>, zones: ZoneCatalog
    ) {
        self.view = view
        self.isPartial = isPartial
        self.entities = entities
        self.sources = sources
        self.zones = zones
    }

    mutating func compile(reporting found: inout Diagnostics) -> ViewPlan? {
        let plan = compile()
        found.report(contentsOf: diagnostics)
        return diagnostics.isEmpty ? plan : nil
    }

    private mutating func compile() -> ViewPlan? {
        let entity = entities.resolve(view.entity, reporting: &diagnostics)
        let source = sources.resolve(view.source, reporting: &diagnostics)
        checkRefresh()
        checkKinds()
        guard let entity, let source else { return nil }
        checkBatchSide(of: source)
        let scope = Scope(source.fields, zones: zones)
        let keys = compileKeys(of: entity, in: source)
        let filter = view.filter.flatMap { filter in
            diagnostics.collect { () throws(Diagnostic) in try filter.condition(in: scope) }
        }
        let features = compileFeatures(in: scope)
        let expectations = ExpectationCompiler(fields: source.fields, zones: zones)
            .compile(view.expectations, reporting: &diagnostics)
        guard diagnostics.isEmpty else { return nil }
        return assemble(
            entity, source, keys: keys, checked: source.expectations.narrowing(filter),
            features: features, expectations: expectations)
    }

    private var hasAggregates: Bool {
        view.features.contains { if case .aggregate = $0.body { true } else { false } }
    }

    private mutating func checkKinds() {
        let latest = view.features.first { if case .latest = $0.body { true } else { false } }
        guard hasAggregates, let latest else { return }
        diagnostics.report(
            latest.name.diagnostic(
                "the view `\(view.name.value)` mixes aggregates and latest values; "
                    + "`\(latest.name.value)` is a latest value",
                hint: "move it to a view of its own, or write `last(x)`"))
    }

    private mutating func checkRefresh() {
        switch view.refresh.value {
        case .stream:
            guard hasAggregates, let ttl = view.ttl else { return }
            diagnostics.report(
                ttl.diagnostic(
                    "the view `\(view.name.value)` has a ttl, but its aggregates are kept by a "
                        + "stream, where a ttl would lose their state",
                    hint: "remove `ttl:`; windows say how far back an aggregate looks"))
        case .every:
            guard let delay = view.visibleDelay else { return }
            diagnostics.report(
                delay.diagnostic(
                    "`visible_delay` is for views with `refresh: stream`",
                    hint: "the delay of `refresh: every D delay E` says when a cut is asked"))
        }
    }

    private mutating func checkBatchSide(of source: SourcePlan) {
        guard case .every = view.refresh.value, source.batch == nil else { return }
        diagnostics.report(
            view.refresh.diagnostic(
                "the view `\(view.name.value)` is refreshed from batch rows, but the source "
                    + "`\(source.name)` has none",
                hint: "add `batch:` with `parquet: PATH` to the source, or write `refresh: stream`"
            ))
    }

    private mutating func compileKeys(of entity: EntityPlan, in source: SourcePlan) -> [KeyPart] {
        reportDuplicates(view.keys.map(\.key), "key", to: &diagnostics)
        let names = entity.keys.map(\.name)
        for binding in view.keys where !names.contains(binding.key.value) {
            diagnostics.report(
                binding.key.diagnostic(
                    "the entity `\(entity.name)` has no key `\(binding.key.value)`",
                    hint: remedy(for: binding.key.value, among: names)))
        }
        return entity.keys.compactMap { key in
            let column = view.keys.first { $0.key.value == key.name }?.column
            return compile(key: key, column: column, entity: entity.name, source)
        }
    }

    private mutating func compile(
        key: Field, column: Name?, entity: String, _ source: SourcePlan
    ) -> KeyPart? {
        let name = column?.value ?? key.name
        let place = column ?? view.source
        let fields = source.fields
        guard let field = fields.first(where: { $0.name == name }) else {
            let message =
                column == nil
                ? "the source `\(source.name)` has no column for the key `\(name)` of "
                    + "`\(entity)`"
                : "the source `\(source.name)` has no column `\(name)`"
            let guess = nearestName(to: name, among: fields.map(\.name))
            let hint =
                column == nil
                ? "add `keys: { \(name): \(guess ?? "COLUMN") }` to the view"
                : remedy(for: name, among: fields.map(\.name))
            diagnostics.report(place.diagnostic(message, hint: hint))
            return nil
        }
        guard field.type.widens(to: key.type) else {
            diagnostics.report(
                place.diagnostic(
                    "the key `\(key.name)` of `\(entity)` is \(key.type), but `\(name)` of "
                        + "`\(source.name)` is \(field.type)",
                    hint: "make both the same type; a computed column can cast"))
            return nil
        }
        return KeyPart(name: key.name, type: key.type, sourceColumn: name)
    }

    private mutating func compileFeatures(in scope: Scope) -> UndigestedFeatures {
        let kept = KeptNames(of: view, isPartial: isPartial, reporting: &diagnostics)
        var compiler = FeatureCompiler(scope: scope, keeping: kept)
        let features = compiler.compile(view.features)
        diagnostics.report(contentsOf: compiler.diagnostics)
        return features
    }

    private func assemble(
        _ entity: EntityPlan, _ source: SourcePlan, keys: [KeyPart], checked: TypedExpression?,
        features: UndigestedFeatures, expectations: [Expectation]
    ) -> ViewPlan {
        let filter = expectations.narrowing(checked)
        let refresh: Refresh =
            switch view.refresh.value {
            case .stream: .stream(visibleDelay: view.visibleDelay?.value ?? .zero)
            case .every(let period, let delay): .every(period, delay: delay)
            }
        let admission = Admission(
            lateness: lateness(of: features),
            maxAhead: view.maxAhead?.value ?? EventDuration.minutes(5))
        let used =
            keys.map(\.sourceColumn) + (filter?.referencedColumns ?? [])
            + features.referencedColumns
        let identity = ViewIdentity(
            source: source, entity: entity, keys: keys, filter: filter,
            declaredLateness: view.lateness?.value, maxAhead: admission.maxAhead,
            refresh: refresh, ttl: view.ttl?.value)
        return ViewPlan(
            name: view.name.value, entity: entity.name, keys: keys,
            source: source.pruned(to: used), filter: filter, admission: admission,
            refresh: refresh, ttl: view.ttl?.value, features: features.digested(by: identity),
            expectations: expectations, checkedFilter: checked)
    }

    private func lateness(of features: UndigestedFeatures) -> EventDuration? {
        switch view.lateness?.value {
        case .unlimited: nil
        case .atMost(let duration): duration
        case nil: features.reach
        }
    }
}

extension [Expectation] {
    /// The rows of `filter` that these expectations do not set aside; nil = all rows.
    fileprivate func narrowing(_ filter: TypedExpression?) -> TypedExpression? {
        compactMap(\.keeping).reduce(filter) { $0?.and($1) ?? $1 }
    }
}
