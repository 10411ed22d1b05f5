import Planning

/// One view as a service uses it: the lookups that ask it and the features they want.
struct ViewUse: Sendable {
    let view: ViewPlan
    /// Indices into `ServicePlan.lookups`, one per role.
    let lookups: [Int]
    /// The features wanted in any role, as indices into the view's features, ascending.
    let wanted: [Int]

    /// The views of a service, in the order of their first lookup.
    static func uses(of plan: ServicePlan) -> [ViewUse] {
        var order: [ViewPlan] = []
        for lookup in plan.lookups where !order.contains(lookup.view) { order.append(lookup.view) }
        return order.map { view in
            let lookups = plan.lookups.indices.filter { plan.lookups[$0].view == view }
            let wanted = Set(plan.features.filter { lookups.contains($0.lookup) }.map(\.feature))
            return ViewUse(view: view, lookups: lookups, wanted: wanted.sorted())
        }
    }
}
