import Planning
import Values

/// Walks over two states of a project and notes what differs.
struct ProjectComparison {
    let old: AppliedProject
    let new: AppliedProject
    let models: [PinnedModel]
    var difference = ProjectDifference()

    init(old: AppliedProject, new: AppliedProject, models: [PinnedModel]) {
        self.old = old
        self.new = new
        self.models = models
    }

    mutating func compare() {
        compareEntities()
        compareViews()
        compareServices()
        difference.fills = fills
    }

    private mutating func note(
        _ kind: ProjectDifference.Change.Kind, _ subject: ProjectDifference.Subject,
        _ name: String, _ details: [String] = []
    ) {
        difference.changes.append(
            ProjectDifference.Change(kind: kind, subject: subject, name: name, details: details))
    }

    private mutating func breaks(
        _ subject: ProjectDifference.Subject, _ name: String, _ reason: String,
        users: [String], hint: String? = nil
    ) {
        difference.breakages.append(
            ProjectDifference.Breakage(
                subject: subject, name: name, reason: reason, users: users, hint: hint))
    }

    private mutating func compareEntities() {
        for entity in new.entities {
            guard let before = old.entities.first(where: { $0.name == entity.name }) else {
                note(.added, .entity, entity.name, [entity.keys.text])
                continue
            }
            if before.keys == entity.keys { continue }
            note(.changed, .entity, entity.name, ["\(before.keys.text) -> \(entity.keys.text)"])
            let views = old.views.filter { $0.entity == entity.name }
            let concerned = views.flatMap { view in
                view.features.flatMap { users(of: $0, in: view) }
            }
            breaks(
                .entity, entity.name,
                "its keys change from (\(before.keys.text)) to (\(entity.keys.text))",
                users: concerned.distinct)
        }
        for entity in old.entities where !new.entities.contains(where: { $0.name == entity.name }) {
            note(.removed, .entity, entity.name)
        }
    }

    private mutating func compareViews() {
        for view in new.views {
            guard let before = old.views.first(where: { $0.name == view.name }) else {
                let count = view.features.count
                note(
                    .added, .view, view.name,
                    ["\(count) \(count == 1 ? "feature" : "features") of \(view.entity)"])
                continue
            }
            if before.entity != view.entity {
                note(.changed, .view, view.name, ["entity \(before.entity) -> \(view.entity)"])
            } else if before.features.map(\.name) != view.features.map(\.name),
                Set(before.features) == Set(view.features)
            {
                note(.changed, .view, view.name, ["another order of features"])
            }
            compareFeatures(before, view)
        }
        for view in old.views where !new.views.contains(where: { $0.name == view.name }) {
            note(.removed, .view, view.name)
            for feature in view.features {
                breaks(
                    .feature, "\(view.name).\(feature.name)", "its view is removed",
                    users: users(of: feature, in: view))
            }
        }
    }

    private mutating func compareFeatures(_ before: AppliedView, _ after: AppliedView) {
        for feature in after.features {
            let name = "\(after.name).\(feature.name)"
            guard let old = before.features.first(where: { $0.name == feature.name }) else {
                note(.added, .feature, name, ["\(feature.type)  \(feature.digest.short)"])
                continue
            }
            if old.digest == feature.digest, old.type == feature.type { continue }
            compare(old, feature, name, in: before)
        }
        for feature in before.features where !after.features.contains(named: feature.name) {
            let name = "\(before.name).\(feature.name)"
            let successor = after.features.first {
                $0.digest == feature.digest && !before.features.contains(named: $0.name)
            }
            note(.removed, .feature, name, successor.map { ["renamed to \($0.name)"] } ?? [])
            breaks(
                .feature, name, successor.map { "it is renamed to \($0.name)" } ?? "it is removed",
                users: users(of: feature, in: before),
                hint: keeping(feature, as: successor, before, after))
        }
    }

    /// What leaves `feature`, of which only windows of a list are there, its plain name.
    private func keeping(
        _ feature: AppliedFeature, as successor: AppliedFeature?, _ before: AppliedView,
        _ after: AppliedView
    ) -> String? {
        let windows = ([successor].compactMap { $0 } + after.features).filter {
            !before.features.contains(named: $0.name)
        }.compactMap { $0.name.window(of: feature.name) }
        return windows.first.map {
            "turned into a list of windows it keeps its name by "
                + "`keep: { \(feature.name): \($0) }` in the view `\(after.name)`"
        }
    }

    private mutating func compare(
        _ old: AppliedFeature, _ feature: AppliedFeature, _ name: String, in view: AppliedView
    ) {
        var details = ["definition \(old.digest.short) -> \(feature.digest.short)"]
        let users = users(of: old, in: view)
        if old.type != feature.type {
            details.insert("type \(old.type) -> \(feature.type)", at: 0)
            breaks(
                .feature, name, "its type changes from \(old.type) to \(feature.type)",
                users: users)
        } else if !users.isEmpty {
            breaks(.feature, name, "its definition changes while it is used", users: users)
        }
        note(.changed, .feature, name, details + changedParts(old, feature))
    }

    private mutating func compareServices() {
        for service in new.services {
            guard let before = old.services.first(where: { $0.name == service.name }) else {
                let count = service.outputs.count
                note(
                    .added, .service, service.name,
                    ["\(count) \(count == 1 ? "feature" : "features")"])
                continue
            }
            if before != service { compare(before, service) }
        }
        for service in old.services
        where !new.services.contains(where: { $0.name == service.name }) {
            note(.removed, .service, service.name)
            breaks(.service, service.name, "it is removed", users: pinning(service))
        }
    }

    private mutating func compare(_ before: AppliedService, _ after: AppliedService) {
        var details: [String] = []
        for output in after.outputs {
            guard let old = before.outputs.first(where: { $0.column == output.column }) else {
                details.append("+ \(output.column)")
                continue
            }
            if old.type != output.type || old.digest != output.digest || old.origin != output.origin
            {
                details.append("~ \(output.column)")
            }
            // A feature of a view is reported as that feature.
            if old.origin == nil, old.digest != output.digest {
                breaks(
                    .service, "\(after.name).\(output.column)",
                    "the derived feature's definition changes while it is used",
                    users: (["service \(after.name)"] + pinning(old.digest)).distinct)
            }
        }
        for output in before.outputs
        where !after.outputs.contains(where: { $0.column == output.column }) {
            details.append("- \(output.column)")
            // A feature that is gone altogether is reported as that feature.
            if let origin = output.origin, !new.hasFeature(origin) { continue }
            breaks(
                .service, "\(after.name).\(output.column)", "the service gives it no more",
                users: pinning(before))
        }
        if before.request != after.request {
            details.append("request (\(before.request.text)) -> (\(after.request.text))")
        }
        if details.isEmpty { details.append("another order") }
        note(.changed, .service, after.name, details)
    }
}

extension ProjectComparison {
    /// Services that ask for a feature now, and models that pin it.
    private func users(of feature: AppliedFeature, in view: AppliedView) -> [String] {
        let origin = "\(view.name).\(feature.name)"
        let services = old.services.filter { service in
            service.outputs.contains { $0.origin == origin }
        }
        return (services.map { "service \($0.name)" } + pinning(feature.digest)).distinct
    }

    private func pinning(_ digest: FeatureDigest) -> [String] {
        models.filter { $0.digests.contains(digest) }.map { "model \($0.name)" }
    }

    private func pinning(_ service: AppliedService) -> [String] {
        models.filter { $0.digests == service.digests }.map { "model \($0.name)" }
    }

    /// The parts of the canonical text that differ, by name.
    private func changedParts(_ old: AppliedFeature, _ new: AppliedFeature) -> [String] {
        let before = old.canonicalText.split(separator: "\n")
        let after = Set(new.canonicalText.split(separator: "\n"))
        let kept = Set(before)
        let differing =
            before.filter { !after.contains($0) }
            + new.canonicalText.split(separator: "\n").filter { !kept.contains($0) }
        let names = differing.map { line in
            line.split(separator: " ").prefix { Int($0) == nil }.joined(separator: " ")
        }
        return names.distinct
    }

    private var fills: [ProjectDifference.Fill] {
        new.views.compactMap { view in
            let before = old.views.first { $0.name == view.name }
            let known = Set(before?.features.map(\.digest) ?? [])
            let missing = view.features.filter { !known.contains($0.digest) }
            guard !missing.isEmpty else { return nil }
            return ProjectDifference.Fill(view: view.name, features: missing.map(\.name))
        }
    }
}

extension AppliedProject {
    /// Whether there is a feature `path`, written `view.feature`.
    fileprivate func hasFeature(_ path: String) -> Bool {
        views.contains { view in
            view.features.contains { "\(view.name).\($0.name)" == path }
        }
    }
}

extension [AppliedFeature] {
    fileprivate func contains(named name: String) -> Bool { contains { $0.name == name } }
}

extension [Field] {
    fileprivate var text: String { map { "\($0.name) \($0.type)" }.joined(separator: ", ") }
}

extension [String] {
    /// The elements in their order, each only once.
    fileprivate var distinct: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
