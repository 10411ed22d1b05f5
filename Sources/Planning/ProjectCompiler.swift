import Definitions
import Values

/// Checks one project and compiles it, collecting everything that is wrong.
///
/// What depends on something wrong is skipped without a word of its own, so that one mistake
/// gives one diagnostic.
struct ProjectCompiler {
    private let project: ProjectDefinition
    private let gaps: DefinitionGaps
    private let zones: ZoneCatalog
    private var diagnostics: Diagnostics

    init(_ reading: ProjectReading, zones: ZoneCatalog) {
        self.zones = zones
        project = reading.project
        gaps = reading.gaps
        diagnostics = reading.diagnostics
    }

    mutating func compile() throws(Diagnostics) -> ProjectPlan {
        let (project, zones) = (project, zones)
        let entities = table(project.entities, named: \.name, .entity) { entity, found in
            var plan = compileEntity(entity, &found)
            plan?.annotations = entity.annotations
            return plan
        }
        let sources = table(project.sources, named: \.name, .source) { source, found in
            var compiler = SourceCompiler(source, zones: zones)
            var plan = compiler.compile(reporting: &found)
            plan?.annotations = source.annotations
            return plan
        }
        let partialViews = gaps.names(of: .view)
        let views = table(project.views, named: \.name, .view) { view, found in
            let isPartial = partialViews.contains(view.name.value)
            var compiler = ViewCompiler(
                view, isPartial: isPartial, entities: entities, sources: sources, zones: zones)
            var plan = compiler.compile(reporting: &found)
            plan?.annotations = view.annotations
            return isPartial ? nil : plan
        }
        let partialServices = gaps.names(of: .service)
        let services = table(project.services, named: \.name, .service) { service, found in
            var compiler = ServiceCompiler(
                service, project: project.name.value, views: views, zones: zones)
            var plan = compiler.compile(
                isPartial: partialServices.contains(service.name.value), reporting: &found)
            plan?.annotations = service.annotations
            return plan
        }
        guard diagnostics.isEmpty else { throw diagnostics }
        return ProjectPlan(
            name: project.name.value, entities: entities.all, sources: sources.all,
            views: views.all, services: services.all)
    }

    private mutating func table<Definition, Plan>(
        _ definitions: [Definition], named name: KeyPath<Definition, Name>,
        _ kind: DefinitionGaps.Kind, compile: (Definition, inout Diagnostics) -> Plan?
    ) -> PlanTable<Plan> {
        reportDuplicates(definitions.map { $0[keyPath: name] }, "\(kind)", to: &diagnostics)
        var table = PlanTable<Plan>(kind: "\(kind)", isOpen: gaps.hasUnnamed(kind))
        for definition in definitions {
            let key = definition[keyPath: name].value
            guard !table.contains(key) else { continue }
            table.add(key, compile(definition, &diagnostics))
        }
        for key in gaps.names(of: kind).sorted() where !table.contains(key) {
            table.add(key, nil)
        }
        return table
    }
}

/// Plans by name; a name whose definition is wrong is known, but has no plan.
struct PlanTable<Plan> {
    let kind: String
    /// Whether there may be names that are not known.
    let isOpen: Bool
    private var order: [String] = []
    private var plans: [String: Plan] = [:]
    private var known: Set<String> = []

    init(kind: String, isOpen: Bool) {
        self.kind = kind
        self.isOpen = isOpen
    }

    var all: [Plan] { order.compactMap { plans[$0] } }

    func contains(_ name: String) -> Bool { known.contains(name) }

    mutating func add(_ name: String, _ plan: Plan?) {
        order.append(name)
        known.insert(name)
        plans[name] = plan
    }

    /// The plan that a name means; nil when there is none, which is reported only when the name
    /// is unknown.
    func resolve(_ name: Name, reporting diagnostics: inout Diagnostics) -> Plan? {
        if let plan = plans[name.value] { return plan }
        if !isOpen, !contains(name.value) {
            diagnostics.report(
                name.diagnostic(
                    "unknown \(kind) `\(name.value)`", hint: remedy(for: name.value, among: order))
            )
        }
        return nil
    }
}

/// Reports each name that stood before, with both places.
func reportDuplicates(_ names: [Name], _ kind: String, to diagnostics: inout Diagnostics) {
    var first: [String: Name] = [:]
    for name in names {
        if let other = first[name.value] {
            diagnostics.report(
                name.diagnostic(
                    "the \(kind) `\(name.value)` is defined twice; it is already at "
                        + "\(other.location)",
                    hint: "rename one of the two"))
        } else {
            first[name.value] = name
        }
    }
}

private func compileEntity(
    _ entity: EntityDefinition, _ diagnostics: inout Diagnostics
) -> EntityPlan? {
    reportDuplicates(entity.keys.map(\.name), "key", to: &diagnostics)
    var isRight = !entity.keys.isEmpty
    if entity.keys.isEmpty {
        diagnostics.report(
            entity.name.diagnostic(
                "the entity `\(entity.name.value)` has no key", hint: "add `keys:`"))
    }
    for key in entity.keys where !key.type.value.isJoinKey {
        isRight = false
        let hint: String? =
            if key.type.value.isFloatingPoint {
                "numbers that are rounded do not find each other; use int64 or string"
            } else if key.type.value.isDecimal {
                "declare it as string or int64, and let a computed column of the source cast"
            } else {
                nil
            }
        diagnostics.report(
            key.type.diagnostic("a key cannot be \(key.type.value.withArticle)", hint: hint))
    }
    guard isRight, Set(entity.keys.map(\.name.value)).count == entity.keys.count else { return nil }
    return EntityPlan(
        name: entity.name.value,
        keys: entity.keys.map { Field(name: $0.name.value, type: $0.type.value) })
}
