import Definitions
import Expressions
import Values

/// Checks one service, freezes its wildcards and resolves its roles.
struct ServiceCompiler {
    private let service: ServiceDefinition
    private let project: String
    private let views: PlanTable<ViewPlan>
    private let zones: ZoneCatalog
    private var diagnostics = Diagnostics()
    private var lookups: [Lookup] = []
    private var outputs = ServiceOutputs()
    private var spine = SpineColumns()
    /// Whether no feature is missing because its view is wrong; else derived features, which may
    /// use it, are not judged.
    private var knowsOutputs = true

    init(
        _ service: ServiceDefinition, project: String, views: PlanTable<ViewPlan>,
        zones: ZoneCatalog
    ) {
        self.service = service
        self.project = project
        self.views = views
        self.zones = zones
    }

    /// Compiles the service; one that is partial, because something of it could not be read, is
    /// only checked.
    mutating func compile(
        isPartial: Bool, reporting found: inout Diagnostics
    ) -> ServicePlan? {
        knowsOutputs = !isPartial
        compileRequest()
        if service.items.isEmpty, !isPartial {
            diagnostics.report(
                service.name.diagnostic(
                    "the service `\(service.name.value)` has no feature",
                    hint: "add `- VIEW.FEATURE` or `- VIEW.*` under `features:`"))
        }
        for item in service.items { compile(item) }
        let derived = knowsOutputs && diagnostics.isEmpty ? compileDerived() : []
        found.report(contentsOf: diagnostics)
        guard knowsOutputs, diagnostics.isEmpty else { return nil }
        return ServicePlan(
            project: project, name: service.name.value, lookups: lookups,
            request: service.request.map { Field(name: $0.name.value, type: $0.type.value) },
            features: outputs.features.map(\.feature), derived: derived)
    }

    private mutating func compileRequest() {
        reportDuplicates(service.request.map(\.name), "request column", to: &diagnostics)
        for column in service.request {
            outputs.claim(column.name.value, at: column.name, "request column", &diagnostics)
            spine.use(
                column.name, as: column.type.value, for: "the request column", &diagnostics)
        }
    }

    private mutating func compile(_ item: ServiceItem) {
        guard let view = views.resolve(item.view, reporting: &diagnostics),
            let features = features(of: item, in: view),
            let lookup = lookup(of: item, in: view)
        else {
            knowsOutputs = false
            return
        }
        for feature in features {
            let name = view.features.names[feature]
            let column = columnName(of: item, feature: name)
            guard outputs.claim(column, at: item.alias ?? item.view, "feature", &diagnostics) else {
                continue
            }
            let isAlias = item.alias != nil && item.feature != nil
            outputs.features.append(
                ServiceOutput(
                    feature: ServiceFeature(
                        lookup: lookup, feature: feature, column: column,
                        shortName: isAlias ? column : name, type: view.features.types[feature],
                        digest: view.features.digests[feature]),
                    path: [view.name, name], isAliased: item.alias != nil,
                    roleColumns: lookups[lookup].roleColumns))
        }
    }

    private func columnName(of item: ServiceItem, feature: String) -> String {
        guard let alias = item.alias else { return "\(item.view.value)__\(feature)" }
        return item.feature == nil ? "\(alias.value)__\(feature)" : alias.value
    }

    /// The positions of the features that an item means.
    private mutating func features(of item: ServiceItem, in view: ViewPlan) -> [Int]? {
        let names = view.features.names
        guard let feature = item.feature else {
            if !item.role.isEmpty, item.alias == nil {
                diagnostics.report(
                    item.view.diagnostic(
                        "`\(item.view.value).*` in a role has no prefix",
                        hint: "add `as PREFIX`; the outputs are called `PREFIX__feature`"))
                return nil
            }
            return Array(names.indices)
        }
        if let index = names.firstIndex(of: feature.value) { return [index] }
        diagnostics.report(
            feature.diagnostic(
                "the view `\(view.name)` has no feature `\(feature.value)`",
                hint: view.features.remedy(forWindowOf: feature.value)
                    ?? remedy(for: feature.value, among: names)))
        return nil
    }

    private mutating func lookup(of item: ServiceItem, in view: ViewPlan) -> Int? {
        let keys = view.keys.map(\.name)
        let before = diagnostics.all.count
        reportDuplicates(item.role.map(\.key), "key", to: &diagnostics)
        for binding in item.role where !keys.contains(binding.key.value) {
            diagnostics.report(
                binding.key.diagnostic(
                    "the entity `\(view.entity)` has no key `\(binding.key.value)`",
                    hint: remedy(for: binding.key.value, among: keys)))
        }
        guard diagnostics.all.count == before else { return nil }
        var columns: [String] = []
        for key in view.keys {
            let column = item.role.first { $0.key.value == key.name }?.column
            let name = column ?? Name(key.name, at: item.location, length: item.view.length)
            spine.use(name, as: key.type, for: "the key of `\(view.entity)`", &diagnostics)
            columns.append(name.value)
        }
        let index = lookups.firstIndex { $0.view.name == view.name && $0.spineColumns == columns }
        if let index { return index }
        let role = item.role.map { "\($0.key.value) = \($0.column.value)" }
        lookups.append(
            Lookup(
                view: view, spineColumns: columns,
                role: role.isEmpty ? nil : role.joined(separator: ", ")))
        return lookups.count - 1
    }

    private mutating func compileDerived() -> [DerivedFeature] {
        var compiler = DerivedCompiler(service, features: outputs.features, zones: zones)
        for derived in service.derived {
            outputs.claim(derived.name.value, at: derived.name, "derived feature", &diagnostics)
        }
        return diagnostics.isEmpty ? compiler.compile(reporting: &diagnostics) : []
    }
}

/// A feature of a service with what derived features may call it.
struct ServiceOutput {
    let feature: ServiceFeature
    /// View and feature.
    let path: [String]
    let isAliased: Bool
    /// The spine's columns that hold the keys, if those are not the keys' own.
    let roleColumns: [String]
}

/// The features of a service and the names that are taken.
struct ServiceOutputs {
    var features: [ServiceOutput] = []
    private var taken: [String: (place: Name, kind: String)] = [:]

    /// Takes a name of the output, which must be free.
    @discardableResult
    mutating func claim(
        _ name: String, at place: Name, _ kind: String, _ diagnostics: inout Diagnostics
    ) -> Bool {
        guard let other = taken[name] else {
            taken[name] = (place, kind)
            return true
        }
        // Request columns that stand twice are reported as such already.
        if kind == "request column" { return false }
        diagnostics.report(
            place.diagnostic(
                "the output `\(name)` is there twice; the \(other.kind) at "
                    + "\(other.place.location) has this name",
                hint: kind == "feature" ? "add `as NAME`, or remove one" : "rename one of the two"))
        return false
    }
}

/// The spine's columns that a service needs, each with the type it is used as.
struct SpineColumns {
    private var uses: [String: (type: DataType, by: String)] = [:]

    /// Notes a use, which must agree with earlier uses of the same column.
    mutating func use(
        _ column: Name, as type: DataType, for what: String, _ diagnostics: inout Diagnostics
    ) {
        guard let other = uses[column.value] else {
            uses[column.value] = (type, what)
            return
        }
        if type.widens(to: other.type) || other.type.widens(to: type) { return }
        diagnostics.report(
            column.diagnostic(
                "the spine's column `\(column.value)` is \(type) for \(what), but "
                    + "\(other.type) for \(other.by)",
                hint: "name another column with `for KEY = COLUMN`"))
    }
}
