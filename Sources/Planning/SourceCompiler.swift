import Definitions
import Expressions
import Values

/// Checks one source and types its computed columns.
struct SourceCompiler {
    private let source: SourceDefinition
    private let zones: ZoneCatalog
    private var diagnostics = Diagnostics()
    private var computed: [ComputedColumn] = []
    private var expectations: [Expectation] = []

    init(_ source: SourceDefinition, zones: ZoneCatalog) {
        self.source = source
        self.zones = zones
    }

    mutating func compile(reporting found: inout Diagnostics) -> SourcePlan? {
        reportDuplicates(source.schema.map(\.name), "column", to: &diagnostics)
        if diagnostics.isEmpty { compileComputed() }
        if diagnostics.isEmpty { checkTimes() }
        if diagnostics.isEmpty { checkStream() }
        if diagnostics.isEmpty { compileExpectations() }
        found.report(contentsOf: diagnostics)
        guard diagnostics.isEmpty else { return nil }
        return SourcePlan(
            name: source.name.value, schema: Schema(fields), computed: computed,
            eventTime: source.eventTime.value, knownAt: source.knownAt?.value,
            batch: source.batch.map(BatchPlan.init), completeTo: source.completeTo?.value,
            zone: source.zone?.value, expectations: expectations,
            stream: source.kafka.map { StreamPlan($0) })
    }

    private var fields: [Field] {
        source.schema.map { Field(name: $0.name.value, type: $0.type.value) }
    }

    private mutating func compileComputed() {
        var scope = Scope(fields, zones: zones)
        reportDuplicates(source.computed.map(\.name), "computed column", to: &diagnostics)
        var broken: Set<String> = []
        for (index, column) in source.computed.enumerated() {
            let name = column.name.value
            if let twin = source.schema.first(where: { $0.name.value == name }) {
                diagnostics.report(
                    column.name.diagnostic(
                        "`\(name)` is already a column of the schema, at \(twin.name.location)",
                        hint: "give the computed column another name"))
                continue
            }
            let names = column.expression.syntax.names
            let usesBroken = names.contains { $0.path.first.map(broken.contains) ?? false }
            broken.insert(name)
            if usesBroken { continue }
            if let error = forwardReference(of: column, at: index, scope) {
                diagnostics.report(error)
                continue
            }
            guard let expression = typedColumn(column, in: scope) else { continue }
            broken.remove(name)
            scope.add(path: [name], column: name, type: expression.type)
            computed.append(ComputedColumn(name: name, expression: expression))
        }
    }

    private mutating func typedColumn(
        _ column: NamedExpression, in scope: Scope
    ) -> TypedExpression? {
        diagnostics.collect { () throws(Diagnostic) in
            let expression = try column.expression.typed(in: scope)
            try refuseAbstract(
                expression.type, of: "the computed column `\(column.name.value)`",
                at: column.expression)
            return expression
        }
    }

    /// The use of a computed column that does not stand above.
    private func forwardReference(
        of column: NamedExpression, at index: Int, _ scope: Scope
    ) -> Diagnostic? {
        let below = source.computed[index...].map(\.name.value)
        let name = column.name.value
        for reference in column.expression.syntax.names where !scope.contains(path: reference.path)
        {
            guard let used = reference.path.first, reference.path.count == 1, below.contains(used)
            else { continue }
            return column.expression.diagnostic(
                used == name
                    ? "the computed column `\(name)` uses itself"
                    : "the computed column `\(name)` uses `\(used)`, which is not above it",
                reference, hint: "a computed column uses the schema and computed columns above it")
        }
        return nil
    }

    private mutating func checkTimes() {
        check(time: source.eventTime, "event_time")
        if let knownAt = source.knownAt { check(time: knownAt, "known_at") }
    }

    private mutating func check(time: Name, _ key: String) {
        let columns = allFields
        guard let field = columns.first(where: { $0.name == time.value }) else {
            diagnostics.report(
                time.diagnostic(
                    "`\(key)` names the unknown column `\(time.value)`",
                    hint: remedy(for: time.value, among: columns.map(\.name))))
            return
        }
        guard field.type == .timestamp else {
            diagnostics.report(
                time.diagnostic(
                    "`\(key)` must be a timestamp, but `\(time.value)` is \(field.type.withArticle)",
                    hint: "declare it as timestamp or compute a timestamp under `columns:`"))
            return
        }
    }

    private var allFields: [Field] {
        fields + computed.map { Field(name: $0.name, type: $0.expression.type) }
    }

    private mutating func compileExpectations() {
        let compiler = ExpectationCompiler(fields: allFields, zones: zones)
        expectations = compiler.compile(source.expectations, reporting: &diagnostics)
    }

    private mutating func checkStream() {
        guard let kafka = source.kafka else { return }
        let names = source.schema.map(\.name) + source.computed.map(\.name)
        if source.knownAt == nil, let name = names.first(where: { $0.value == StreamPlan.knownAt })
        {
            diagnostics.report(
                name.diagnostic(
                    "`\(name.value)` is the column in which a stream keeps when its rows were known",
                    hint: "write `known_at: \(name.value)` if that is what it says, or rename it"))
        }
        let compiler = StreamCompiler(kafka, declared: fields, all: allFields)
        compiler.check(reporting: &diagnostics)
    }
}

/// Refuses the types that no column and no feature can have.
func refuseAbstract(
    _ type: DataType, of what: String, at expression: ExpressionText
) throws(Diagnostic) {
    switch type {
    case .null:
        throw expression.diagnostic(
            "\(what) is always null, so it has no type", hint: "cast it: `cast(null as double)`")
    case .duration:
        throw expression.diagnostic(
            "\(what) cannot be a duration",
            hint: "divide it to get a number: `(a - b) / minutes(1)`")
    case .list(let element) where !element.isSingle:
        throw expression.diagnostic(
            "\(what) cannot be a \(type)", hint: "a list holds single values of one type")
    default: return
    }
}

extension DataType {
    /// Whether it is a type that an element of a list can have.
    fileprivate var isSingle: Bool {
        switch self {
        case .null, .duration, .list, .vector: false
        default: true
        }
    }
}

extension ExpressionText {
    /// A diagnostic about the whole expression.
    func diagnostic(_ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(
            message, at: location, hint: hint, length: scalar == nil ? syntax.length : 1)
    }

    /// A diagnostic about a name in the expression.
    func diagnostic(_ message: String, _ name: NameReference, hint: String?) -> Diagnostic {
        if let scalar { return Diagnostic(message, at: scalar, hint: hint) }
        return Diagnostic(message, at: name.location, hint: hint, length: name.length)
    }

    /// The expression as a condition.
    func condition(in scope: Scope) throws(Diagnostic) -> TypedExpression {
        let typed = try typed(in: scope)
        guard typed.type == .bool else {
            throw diagnostic(
                "a condition must be a bool, not \(typed.type.withArticle)",
                hint: typed.type == .null ? "compare with `is null`" : "compare it: `x > 0`")
        }
        return typed
    }
}

extension Diagnostics {
    /// Adds all of another set.
    mutating func report(contentsOf other: Diagnostics) {
        for diagnostic in other.all { report(diagnostic) }
    }
}

extension BatchPlan {
    fileprivate init(_ definition: BatchDefinition) {
        switch definition {
        case .parquet(let path): self = .parquet(path: path.value)
        case .postgres(let postgres):
            let rows: PostgresRowsPlan.Rows =
                switch postgres.rows {
                case .table(let name): .table(name.value)
                case .query(let text): .query(text.value)
                }
            self = .postgres(PostgresRowsPlan(rows: rows, database: postgres.database?.value))
        }
    }
}
