import Planning
public import Registry
import Values

/// Features and what they are connected with, for `roost explain --lineage`.
public struct LineageReport: Sendable {
    /// For people.
    public let lines: [String]
    /// For programs.
    public let json: JSONValue
}

extension Project {
    /// Where `view.feature` comes from and goes to, or all that the column `source.column`
    /// reaches.
    ///
    /// - Parameters:
    ///   - name: a feature of a view, or a column of a source.
    ///   - models: the models that the registry knows.
    /// - Returns: the connections in lines and for programs.
    /// - Throws: `usage` with the nearest name when there is none.
    public func lineage(
        of name: String, models: [ModelRecord]
    ) throws(JobError) -> LineageReport {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw JobError(
                .usage, "'\(name)' is neither a feature nor a column",
                hint: "write 'VIEW.FEATURE', or 'SOURCE.COLUMN'")
        }
        if plan.view(named: parts[0]) != nil {
            let features = plan.lineages.filter { $0.view == parts[0] }
            guard let feature = features.first(where: { $0.feature == parts[1] }) else {
                throw unknown("feature of \(parts[0])", parts[1], among: features.map(\.feature))
            }
            return LineageReport(feature: feature, models: models)
        }
        guard let source = plan.source(named: parts[0]) else {
            throw unknown(
                "view or source", parts[0],
                among: plan.views.map(\.name) + plan.sources.map(\.name))
        }
        let columns = source.schema.fields.map(\.name)
        guard columns.contains(parts[1]) else {
            let isComputed = source.computed.contains { $0.name == parts[1] }
            throw isComputed
                ? JobError(
                    .usage, "'\(name)' is a computed column",
                    hint: "ask for one of the columns it is made of")
                : unknown("column of \(parts[0])", parts[1], among: columns)
        }
        return LineageReport(
            column: parts[1], of: source.name,
            features: plan.lineages.filter { $0.source == source.name }, models: models)
    }
}

extension LineageReport {
    fileprivate init(feature: Lineage, models: [ModelRecord]) {
        let used = models.using([feature])
        lines =
            ["feature \(feature.view).\(feature.feature)", "  columns"]
            + feature.columns.map { column in
                "    \(feature.source).\(column.field.name)  \(column.field.type)  "
                    + column.roles.map(\.rawValue).joined(separator: ", ")
            } + ["  services"] + feature.uses.orNone(\.line) + ["  models"] + used.orNone(\.line)
        json = .object([
            "feature": .string("\(feature.view).\(feature.feature)"),
            "digest": .string(feature.digest.description), "source": .string(feature.source),
            "columns": .array(
                feature.columns.map { column in
                    .object([
                        "name": .string(column.field.name),
                        "type": .string(column.field.type.description),
                        "roles": .array(column.roles.map { .string($0.rawValue) }),
                    ])
                }),
            "services": .array(feature.uses.map(\.json)), "models": .array(used.map(\.json)),
        ])
    }

    fileprivate init(
        column: String, of source: String, features: [Lineage], models: [ModelRecord]
    ) {
        let reached = features.compactMap { feature -> (Lineage, [Lineage.Role])? in
            let use = feature.columns.first { $0.field.name == column }
            return use.map { (feature, $0.roles) }
        }
        let uses = reached.flatMap { feature, _ in feature.uses }
        let used = models.using(reached.map(\.0))
        lines =
            ["column \(source).\(column)", "  features"]
            + reached.orNone { feature, roles in
                "\(feature.view).\(feature.feature)  "
                    + roles.map(\.rawValue).joined(separator: ", ")
            } + ["  services"] + uses.orNone(\.line) + ["  models"] + used.orNone(\.line)
        json = .object([
            "column": .string("\(source).\(column)"),
            "features": .array(
                reached.map { feature, roles in
                    .object([
                        "name": .string("\(feature.view).\(feature.feature)"),
                        "digest": .string(feature.digest.description),
                        "roles": .array(roles.map { .string($0.rawValue) }),
                    ])
                }),
            "services": .array(uses.map(\.json)), "models": .array(used.map(\.json)),
        ])
    }
}

extension [ModelRecord] {
    fileprivate func using(_ features: [Lineage]) -> [ModelRecord] {
        let digests = Set(features.map(\.digest))
        return filter { model in model.digests.contains(where: digests.contains) }
    }
}

extension Array {
    /// A line for each element, indented; a word when there is none. Equal lines stand once.
    fileprivate func orNone(_ line: (Element) -> String) -> [String] {
        if isEmpty { return ["    none"] }
        var seen: Set<String> = []
        return map { "    " + line($0) }.filter { seen.insert($0).inserted }
    }
}

extension Lineage.Use {
    fileprivate var line: String {
        isDerived ? "\(service), derived \(output)" : "\(service) as \(output)"
    }

    fileprivate var json: JSONValue {
        .object([
            "service": .string(service), "output": .string(output), "derived": .bool(isDerived),
        ])
    }
}

extension ModelRecord {
    fileprivate var line: String { "\(name) \(package.description.prefix(12))" }

    fileprivate var json: JSONValue {
        .object(["name": .string(name), "package": .string(package.description)])
    }
}
