import Expressions
import Planning
import Values

/// What `roost explain` says of a name.
public struct ProjectExplanation: Sendable {
    /// For people.
    public let lines: [String]
    /// For programs.
    public let json: JSONValue
}

extension Project {
    /// The plan of the service, view, feature (`view.feature`), source or entity `name`; of two
    /// that share a name the first in this order.
    ///
    /// - Parameters:
    ///   - name: what is explained.
    ///   - target: of which reader of the plan to tell what it does; nil = of all.
    /// - Returns: the plan in lines and for programs.
    /// - Throws: `usage` with the nearest name when there is none.
    public func explanation(
        of name: String, target: ExplainTarget? = nil
    ) throws(JobError) -> ProjectExplanation {
        let targets = target.map { [$0] } ?? ExplainTarget.allCases
        if let service = plan.services.first(where: { $0.name == name }) {
            return ProjectExplanation(service, targets)
        }
        if let view = plan.view(named: name) { return ProjectExplanation(view, targets) }
        if let source = plan.source(named: name) {
            return ProjectExplanation(lines: source.explanation, json: source.json)
        }
        if let entity = plan.entities.first(where: { $0.name == name }) {
            return ProjectExplanation(entity, views: plan.views.filter { $0.entity == name })
        }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, let view = plan.view(named: parts[0]) {
            return try explanation(of: parts[1], in: view, targets)
        }
        throw unknown(
            "service, view, source or entity", name,
            among: plan.services.map(\.name) + plan.views.map(\.name) + plan.sources.map(\.name)
                + plan.entities.map(\.name))
    }

    private func explanation(
        of feature: String, in view: ViewPlan, _ targets: [ExplainTarget]
    ) throws(JobError) -> ProjectExplanation {
        let features = view.features
        guard let index = features.names.firstIndex(of: feature) else {
            throw unknown("feature of \(view.name)", feature, among: features.names)
        }
        let digest = features.digests[index]
        let users = plan.services.filter { service in
            service.features.contains { $0.digest == digest }
        }
        let whole = ProjectExplanation(view, targets)
        let head = [
            "feature \(view.name).\(feature)", "  type         \(features.types[index])",
            "  digest       \(digest)",
            "  services     \(users.isEmpty ? "none" : users.map(\.name).joined(separator: ", "))",
            "",
        ]
        return ProjectExplanation(
            lines: head + whole.lines,
            json: .object([
                "kind": .string("feature"), "name": .string("\(view.name).\(feature)"),
                "digest": .string(digest.description),
                "type": .string(features.types[index].description),
                "services": .array(users.map { .string($0.name) }), "view": view.json,
            ]))
    }
}

extension ProjectExplanation {
    fileprivate init(_ entity: EntityPlan, views: [ViewPlan]) {
        let keys = entity.keys.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
        let names = views.map(\.name).joined(separator: ", ")
        lines =
            ["entity \(entity.name)"] + entity.annotations.lines
            + ["  keys         \(keys)", "  views        \(views.isEmpty ? "none" : names)"]
        json = .object(
            [
                JSONMember(name: "kind", value: .string("entity")),
                JSONMember(name: "name", value: .string(entity.name)),
                JSONMember(
                    name: "keys",
                    value: .array(
                        entity.keys.map { field in
                            .object([
                                "name": .string(field.name),
                                "type": .string(field.type.description),
                            ])
                        })),
                JSONMember(name: "views", value: .array(views.map { .string($0.name) })),
            ] + entity.annotations.members)
    }

    fileprivate init(_ view: ViewPlan, _ targets: [ExplainTarget]) {
        lines =
            Explanation(view).lines + ["  state"] + view.stateExplanation
            + targets.flatMap { ["  \($0)"] + view.explanation(for: $0).map { "    \($0)" } }
        json = view.json
    }

    fileprivate init(_ service: ServicePlan, _ targets: [ExplainTarget]) {
        let doing = targets.flatMap {
            ["  \($0)"] + service.explanation(for: $0).map { "    \($0)" }
        }
        // What it does comes before the views, whose descriptions begin after an empty line.
        let plain = Explanation(service).lines
        let end = plain.firstIndex(of: "") ?? plain.endIndex
        lines = plain[..<end] + doing + plain[end...]
        json = service.json
    }
}

extension SourcePlan {
    fileprivate var explanation: [String] {
        var lines = ["source \(name)"] + annotations.lines + ["  event time   \(eventTime)"]
        if let knownAt { lines.append("  known at     \(knownAt)") }
        if let parquetPath { lines.append("  parquet      \(parquetPath)") }
        if let postgresRows { lines.append("  postgres     \(postgresRows)") }
        if let stream { lines.append("  topic        \(stream.topic) (\(stream.format))") }
        if let completeTo { lines.append("  complete to  \(completeTo)") }
        if let zone { lines.append("  zone         \(zone)") }
        lines.append("  columns")
        lines += schema.fields.map { "    \($0.name): \($0.type)" }
        if !computed.isEmpty { lines.append("  computed on reading") }
        lines += computed.map {
            "    \($0.name): \($0.expression.type) = \($0.expression.canonicalText)"
        }
        if !expectations.isEmpty { lines.append("  expects") }
        return lines + Explanation.table(expectations.map { [$0.text, $0.consequence] })
    }
}
