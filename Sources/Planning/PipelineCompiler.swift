public import Definitions
import Expressions
public import Values

extension ProjectPlan {
    /// Checks a pipeline and compiles it.
    ///
    /// - Parameters:
    ///   - pipeline: what a person wrote.
    ///   - zones: what the names of time zones in expressions mean.
    /// - Throws: everything that is wrong with it, each at its place.
    /// - Returns: the plan of the spine and the service.
    public func compile(
        _ pipeline: PipelineDefinition, zones: ZoneCatalog = .fixedOffsets
    ) throws(Diagnostics) -> PipelinePlan {
        var compiler = PipelineCompiler(pipeline, self, zones)
        return try compiler.compile()
    }
}

private struct PipelineCompiler {
    let pipeline: PipelineDefinition
    let project: ProjectPlan
    let zones: ZoneCatalog
    var diagnostics = Diagnostics()

    init(_ pipeline: PipelineDefinition, _ project: ProjectPlan, _ zones: ZoneCatalog) {
        self.pipeline = pipeline
        self.zones = zones
        self.project = project
    }

    mutating func compile() throws(Diagnostics) -> PipelinePlan {
        let service = find(pipeline.service, "service", project.services, \.name)
        let source = find(pipeline.spine.source, "source", project.sources, \.name)
        guard let service, let source else { throw diagnostics }
        let spine = spine(from: source, for: service)
        let training = pipeline.training.flatMap { training in
            diagnostics.collect(
                training, for: service, at: pipeline.service, columns: spine?.columns)
        }
        guard diagnostics.isEmpty, let spine else { throw diagnostics }
        return PipelinePlan(
            name: pipeline.name.value, service: service, spine: spine, training: training)
    }

    private mutating func find<Plan>(
        _ name: Name, _ kind: String, _ plans: [Plan], _ key: KeyPath<Plan, String>
    ) -> Plan? {
        if let plan = plans.first(where: { $0[keyPath: key] == name.value }) { return plan }
        diagnostics.report(
            name.diagnostic(
                "unknown \(kind) `\(name.value)`",
                hint: remedy(for: name.value, among: plans.map { $0[keyPath: key] })))
        return nil
    }

    private mutating func spine(
        from source: SourcePlan, for service: ServicePlan
    ) -> SpinePlan? {
        let spine = pipeline.spine
        let fields = source.fields
        if source.batch == nil {
            report(
                "the source `\(source.name)` has no batch rows to read the spine from",
                hint: "add `batch:` with `parquet: PATH` to the source")
        }
        reportDuplicates(spine.columns, "column", to: &diagnostics)
        let columns =
            spine.columns.isEmpty ? fields : spine.columns.compactMap { find($0, in: fields) }
        if let time = find(spine.time, in: fields), time.type != .timestamp {
            diagnostics.report(
                spine.time.diagnostic(
                    "the spine's time must be a timestamp, but `\(time.name)` is \(time.type.withArticle)",
                    hint: "compute a timestamp under `columns:` of the source"))
        }
        let filter = spine.filter.flatMap { filter in
            diagnostics.collect { () throws(Diagnostic) in
                try filter.condition(in: Scope(fields, zones: zones))
            }
        }
        guard diagnostics.isEmpty else { return nil }
        check(columns, for: service)
        let used = columns.map(\.name) + (filter?.referencedColumns ?? []) + [spine.time.value]
        return SpinePlan(
            source: source.pruned(to: used), time: spine.time.value, filter: filter,
            columns: columns)
    }

    private mutating func find(_ name: Name, in fields: [Field]) -> Field? {
        if let field = fields.first(where: { $0.name == name.value }) { return field }
        diagnostics.report(
            name.diagnostic(
                "the source `\(pipeline.spine.source.value)` has no column `\(name.value)`",
                hint: remedy(for: name.value, among: fields.map(\.name))))
        return nil
    }

    private mutating func check(_ columns: [Field], for service: ServicePlan) {
        require(pipeline.spine.time.value, .timestamp, columns, "as its time")
        for lookup in service.lookups {
            for (key, column) in zip(lookup.view.keys, lookup.spineColumns) {
                require(
                    column, key.type, columns,
                    "for the key `\(key.name)` of `\(lookup.view.entity)`")
            }
        }
        for field in service.request {
            require(field.name, field.type, columns, "as request data", isRequest: true)
        }
        let outputs = service.features.map(\.column) + service.derived.map(\.name)
        for column in columns where outputs.contains(column.name) {
            report(
                "the spine's column `\(column.name)` has the name of a feature", hint: "rename it")
        }
    }

    private mutating func require(
        _ name: String, _ type: DataType, _ columns: [Field], _ use: String,
        isRequest: Bool = false
    ) {
        guard let column = columns.first(where: { $0.name == name }) else {
            report(
                "the spine has no column `\(name)`, which the service "
                    + "`\(pipeline.service.value)` needs \(use)",
                hint: "add it under `columns:` of the spine or of its source")
            return
        }
        let converts = isRequest && column.type.isInteger && type == .double
        guard !column.type.widens(to: type), !converts else { return }
        report(
            "the spine's column `\(name)` is \(column.type), but the service "
                + "`\(pipeline.service.value)` needs \(type) \(use)",
            hint: "compute a column of the right type in the source")
    }

    /// Reports once what is wrong with the spine as a whole.
    private mutating func report(_ message: String, hint: String) {
        let diagnostic = pipeline.spine.source.diagnostic(message, hint: hint)
        if !diagnostics.all.contains(diagnostic) { diagnostics.report(diagnostic) }
    }
}
