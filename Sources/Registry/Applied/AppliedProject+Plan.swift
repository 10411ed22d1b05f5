import Expressions
public import Planning
import Values

extension AppliedProject {
    /// What `plan` means.
    public init(_ plan: ProjectPlan) {
        self.init(
            name: plan.name,
            entities: plan.entities.map { AppliedEntity(name: $0.name, keys: $0.keys) },
            views: plan.views.map(AppliedView.init),
            services: plan.services.map(AppliedService.init)
        )
    }
}

extension AppliedView {
    fileprivate init(_ view: ViewPlan) {
        let features: [AppliedFeature] =
            switch view.features {
            case .latest(let features):
                features.map {
                    AppliedFeature(
                        name: $0.name, type: $0.expression.type, digest: $0.digest,
                        canonicalText: $0.canonicalText)
                }
            case .aggregates(let features):
                features.map {
                    AppliedFeature(
                        name: $0.name, type: $0.type, digest: $0.digest,
                        canonicalText: $0.canonicalText)
                }
            }
        self.init(name: view.name, entity: view.entity, features: features)
    }
}

extension AppliedService {
    fileprivate init(_ service: ServicePlan) {
        let features = service.features.map { feature in
            let view = service.lookups[feature.lookup].view
            return AppliedOutput(
                column: feature.column, type: feature.type, digest: feature.digest,
                origin: "\(view.name).\(view.features.names[feature.feature])")
        }
        let derived = service.derived.map {
            AppliedOutput(
                column: $0.name, type: $0.expression.type, digest: $0.digest, origin: nil,
                canonicalText: $0.canonicalText)
        }
        self.init(
            name: service.name, identity: service.identity, request: service.request,
            outputs: features + derived)
    }
}
