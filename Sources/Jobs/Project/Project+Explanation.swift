import Expressions
import Planning
import Values

extension Project {
    /// The plan of the service, view, feature (`view.feature`) or source `name`, for people.
    ///
    /// - Throws: `usage` with the nearest name when there is none.
    public func explanation(of name: String) throws(JobError) -> [String] {
        if let service = plan.services.first(where: { $0.name == name }) {
            return Explanation(service).lines
        }
        if let view = plan.view(named: name) { return Explanation(view).lines }
        if let source = plan.source(named: name) { return source.explanation }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, let view = plan.view(named: parts[0]) {
            return try explanation(of: parts[1], in: view)
        }
        throw unknown(
            "service, view or source", name,
            among: plan.services.map(\.name) + plan.views.map(\.name) + plan.sources.map(\.name))
    }

    private func explanation(
        of feature: String, in view: ViewPlan
    ) throws(JobError) -> [String] {
        let fields = view.features.named
        guard let found = fields.first(where: { $0.name == feature }) else {
            throw unknown("feature of \(view.name)", feature, among: fields.map(\.name))
        }
        let users = plan.services.filter { service in
            service.features.contains { $0.digest == found.digest }
        }
        return [
            "feature \(view.name).\(feature)", "  type         \(found.type)",
            "  digest       \(found.digest)",
            "  services     \(users.isEmpty ? "none" : users.map(\.name).joined(separator: ", "))",
            "",
        ] + Explanation(view).lines
    }
}

extension ViewFeatures {
    fileprivate var named: [(name: String, type: DataType, digest: FeatureDigest)] {
        switch self {
        case .latest(let features):
            features.map { ($0.name, $0.expression.type, $0.digest) }
        case .aggregates(let features):
            features.map { ($0.name, $0.type, $0.digest) }
        }
    }
}

extension SourcePlan {
    fileprivate var explanation: [String] {
        var lines = ["source \(name)", "  event time   \(eventTime)"]
        if let knownAt { lines.append("  known at     \(knownAt)") }
        if let parquetPath { lines.append("  parquet      \(parquetPath)") }
        if let completeTo { lines.append("  complete to  \(completeTo)") }
        if let zone { lines.append("  zone         \(zone)") }
        lines.append("  columns")
        lines += schema.fields.map { "    \($0.name): \($0.type)" }
        if !computed.isEmpty { lines.append("  computed on reading") }
        lines += computed.map {
            "    \($0.name): \($0.expression.type) = \($0.expression.canonicalText)"
        }
        return lines
    }
}
