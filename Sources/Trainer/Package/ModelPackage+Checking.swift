public import Planning
import Values

extension ModelPackage {
    /// Refuses a service whose features are not those that the model was trained on.
    ///
    /// - Parameter plan: the service that would answer for the model.
    /// - Throws: `mismatch`, naming the first feature that differs.
    public func check(against plan: ServicePlan) throws(TrainerError) {
        guard plan.name == service else {
            throw TrainerError(
                .mismatch,
                "the model \(shortDigest) was trained on the service '\(service)', "
                    + "not on '\(plan.name)'", hint: "ask for a model of '\(plan.name)'")
        }
        let live = plan.pinnedFeatures
        for (position, pinned) in features.enumerated() {
            guard let feature = live.first(where: { $0.column == pinned.column }) else {
                throw mismatch("the feature '\(pinned.column)' is no longer in the service")
            }
            if feature.digest != pinned.digest {
                throw mismatch(
                    "the feature '\(pinned.column)' is another: it was \(pinned.digest.prefix(12)) "
                        + "and is \(feature.digest.prefix(12))")
            }
            if feature.roles != pinned.roles {
                throw mismatch(
                    "the feature '\(pinned.column)' is asked for \(feature.roles), and was for "
                        + "\(pinned.roles)")
            }
            if live.indices.contains(position), live[position] != pinned {
                throw mismatch(
                    "the feature '\(live[position].column)' stands where '\(pinned.column)' stood")
            }
        }
        if live.count > features.count {
            throw mismatch("the feature '\(live[features.count].column)' is not in the model")
        }
        guard plan.identity.description == serviceIdentity else {
            throw mismatch("the service '\(service)' has another identity")
        }
        try checkRequest(of: plan)
    }

    /// The digest's beginning, for people.
    public var shortDigest: String { String(digest.prefix(12)) }

    private func checkRequest(of plan: ServicePlan) throws(TrainerError) {
        for input in inputs where input.origin == .request {
            guard let field = plan.request.first(where: { $0.name == input.field.name }) else {
                throw mismatch("the request column '\(input.field.name)' is gone")
            }
            if field.type != input.field.type {
                throw mismatch(
                    "the request column '\(field.name)' is \(field.type), and was "
                        + "\(input.field.type)")
            }
        }
    }

    private func mismatch(_ reason: String) -> TrainerError {
        TrainerError(
            .mismatch, "the model \(shortDigest) does not fit the service '\(service)': \(reason)",
            hint: "train the model again on the features as they are")
    }
}

extension ServicePlan {
    /// What a model pins: every feature with its identity and for whom it is asked.
    var pinnedFeatures: [ModelPackage.PinnedFeature] {
        features.map { feature in
            ModelPackage.PinnedFeature(
                column: feature.column, digest: feature.digest.description,
                roles: lookups[feature.lookup].roleColumns)
        }
            + derived.map { feature in
                ModelPackage.PinnedFeature(
                    column: feature.name, digest: feature.digest.description, roles: [])
            }
    }
}
