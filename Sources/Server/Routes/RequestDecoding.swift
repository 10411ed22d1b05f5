import Values

extension OnlineFeaturesRequest {
    /// Reads the contract's body.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(_ body: RequestBody, limit: Int, now: EventTime) throws {
        let service = try body.string("feature_service")
        let features = try body.strings("features")
        self.fullFeatureNames = try body.bool("full_feature_names") ?? false
        entities = try body.columns(of: "entities", limit: limit)
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
        entities = try body.columns(of: "entities", limit: limit)
        entityCount = try countOfEntities(in: entities)
        self.now = now
    }
}

extension WriteRequest {
    /// Reads the body of `/write-to-online-store`.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(featuresIn body: RequestBody, limit: Int, now: EventTime) throws {
        try self.init(
            .view(body.required("feature_view_name")), body, limit: limit, now: now)
    }

    /// Reads the body of `/push`.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(rowsIn body: RequestBody, limit: Int, now: EventTime) throws {
        let source = try body.required("push_source_name")
        switch try body.string("to") ?? "online" {
        case "online": break
        case "offline", "online_and_offline":
            throw ServiceError(
                .notSupported,
                "rows cannot be pushed to the event log: it is appended to by whole intervals, so "
                    + "that each row is there exactly once; add them to the files of the source "
                    + "'\(source)' and materialize")
        case let other:
            throw ServiceError(
                .badRequest,
                "'\(other)' is no place to push to: it is online, offline or online_and_offline")
        }
        try self.init(.source(source), body, limit: limit, now: now)
    }

    private init(_ target: Target, _ body: RequestBody, limit: Int, now: EventTime) throws {
        self.target = target
        columns = try body.columns(of: "df", limit: limit)
        rowCount = try countOfEntities(in: columns, of: "df")
        self.now = now
    }
}

extension MaterializationRequest {
    /// Reads the body of `/materialize`.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(_ body: RequestBody, now: EventTime) throws {
        let ignoresTimes = try body.bool("disable_event_timestamp") ?? false
        views = try body.strings("feature_views") ?? []
        start = ignoresTimes ? nil : try body.time("start_ts")
        end = ignoresTimes ? now : try body.time("end_ts") ?? now
        try Self.refuseVersion(body)
        if let start, start >= end {
            throw ServiceError(.badRequest, "'start_ts' is not before 'end_ts'")
        }
    }

    /// Reads the body of `/materialize-incremental`.
    ///
    /// - Throws: `RequestBody.Malformed` or `ServiceError`.
    init(incremental body: RequestBody) throws {
        views = try body.strings("feature_views") ?? []
        _ = try body.required("end_ts")
        end = try body.time("end_ts") ?? .distantPast
        try Self.refuseVersion(body)
    }

    private static func refuseVersion(_ body: RequestBody) throws {
        guard let version = try body.string("version") else { return }
        throw ServiceError(
            .notSupported,
            "'version': \"\(version)\" is not known here: what is applied is materialized")
    }
}

extension RequestBody {
    fileprivate func required(_ name: String) throws(Malformed) -> String {
        if let text = try string(name) { return text }
        throw Malformed(type: "missing", location: [name], message: "Field required")
    }

    /// A time, in UTC unless it names its zone, as Feast's clients mean it.
    fileprivate func time(_ name: String) throws(Malformed) -> EventTime? {
        guard let text = try string(name) else { return nil }
        if let time = try? EventTime(parsing: text, zoneless: .zero) { return time }
        throw Malformed(
            type: "datetime_parsing", location: [name], message: "Input should be a valid datetime")
    }
}

private func countOfEntities(
    in entities: [EntityValues], of table: String = "entities"
) throws(ServiceError) -> Int {
    guard let first = entities.first, !first.values.isEmpty else {
        throw ServiceError(
            .badRequest,
            "'\(table)' is empty: give each of its columns one value per entity")
    }
    let count = first.values.count
    if let other = entities.first(where: { $0.values.count != count }) {
        throw ServiceError(
            .badRequest,
            "'\(first.name)' has \(count) values and '\(other.name)' \(other.values.count): "
                + "all columns of '\(table)' need one value per entity")
    }
    return count
}
