import Values

extension OnlineFeaturesRequest {
    /// Reads the contract's body.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(_ body: RequestBody, limit: Int, now: EventTime) throws {
        let service = try body.string("feature_service")
        let features = try body.strings("features")
        self.fullFeatureNames = try body.bool("full_feature_names") ?? false
        entities = try body.entities(limit: limit)
        entityCount = try countOfEntities(in: entities)
        self.now = now
        if let service {
            asked = .service(service)
        } else if let features, !features.isEmpty {
            asked = .features(features)
        } else {
            throw ServiceError(
                .badRequest,
                "the request asks for nothing: give 'feature_service' or 'features'")
        }
    }
}

extension PredictionRequest {
    /// Reads the body `{"model": ..., "entities": ...}`.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(_ body: RequestBody, limit: Int, now: EventTime) throws {
        guard let model = try body.string("model") else {
            throw RequestBody.Malformed(
                type: "missing", location: ["model"], message: "Field required")
        }
        self.model = model
        entities = try body.entities(limit: limit)
        entityCount = try countOfEntities(in: entities)
        self.now = now
    }
}

private func countOfEntities(in entities: [EntityValues]) throws(ServiceError) -> Int {
    guard let first = entities.first, !first.values.isEmpty else {
        throw ServiceError(
            .badRequest, "the list of entities is empty: give each join key one value per entity")
    }
    let count = first.values.count
    if let other = entities.first(where: { $0.values.count != count }) {
        throw ServiceError(
            .badRequest,
            "'\(first.name)' has \(count) values and '\(other.name)' \(other.values.count): "
                + "all columns of 'entities' need one value per entity")
    }
    return count
}
