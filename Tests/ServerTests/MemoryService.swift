import Columns
import JSONParsing
import Server
import States
import Values

/// A service over nothing: each answer follows from the request.
///
/// The service `doubling` has the key `id` (int64) and the feature `view__twice`; ids below zero
/// are unknown, 7 is expired, 8 is null.
struct MemoryService: FeatureService {
    var isHealthy = true
    /// How many copies of the feature to answer, for large answers.
    var copies = 1

    func onlineFeatures(
        _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> StoreQuestion<OnlineFeaturesResponse> {
        try check(request.asked)
        let ids = try Self.ids(in: request.entities)
        var feature = OnlineFeaturesResponse.Feature(
            name: request.fullFeatureNames ? "view__twice" : "twice",
            values: Column(type: .double, ids.map(Self.value)), statuses: ids.map(Self.status),
            eventTimes: ids.map { $0 < 0 ? nil : EventTime(microseconds: $0 * 1_500_000) })
        var features = [feature]
        for copy in 1..<max(1, copies) {
            feature.name = "twice_\(copy)"
            features.append(feature)
        }
        return StoreQuestion(
            answeredBy: OnlineFeaturesResponse(keys: ["id"], features: features))
    }

    func predict(
        _ request: PredictionRequest
    ) throws(ServiceError) -> StoreQuestion<PredictionResponse> {
        guard request.model == "halving" else {
            throw ServiceError(.unknownName, "there is no model '\(request.model)'")
        }
        let ids = try Self.ids(in: request.entities)
        return StoreQuestion(
            answeredBy: PredictionResponse(
                model: "halving", version: "1",
                predictions: ids.map { $0 < 0 ? nil : Double($0) / 2 }))
    }

    func checkHealth() -> StoreQuestion<Void> {
        StoreQuestion([], of: nil) { [isHealthy] _ throws(ServiceError) in
            guard isHealthy else { throw ServiceError(.unavailable, "the store is away") }
        }
    }

    func metrics() -> StoreQuestion<[ServiceMetric]> {
        StoreQuestion(answeredBy: [
            ServiceMetric("views", help: "Views.", labels: ["store": "a\"b"], value: 1)
        ])
    }

    private func check(_ asked: OnlineFeaturesRequest.Asked) throws(ServiceError) {
        switch asked {
        case .service("doubling"): return
        case .service(let name):
            throw ServiceError(.unknownService, "there is no feature service '\(name)'")
        case .features(let names):
            for name in names where name != "view:twice" {
                let isView = name.hasPrefix("view:")
                throw ServiceError(
                    isView ? .unknownName : .unknownView, "there is no feature '\(name)'")
            }
        }
    }

    private static func ids(in entities: [EntityValues]) throws(ServiceError) -> [Int64] {
        guard let column = entities.first(where: { $0.name == "id" }) else {
            throw ServiceError(.badRequest, "the join key 'id' is missing")
        }
        var ids: [Int64] = []
        for value in column.values {
            guard case .integer(let id) = value else {
                throw ServiceError(.badRequest, "'id' is int64; \(value) is none")
            }
            ids.append(id)
        }
        return ids
    }

    private static func value(of id: Int64) -> Scalar {
        status(of: id) == .present ? .double(Double(id) * 2) : .null
    }

    private static func status(of id: Int64) -> FeatureStatus {
        id < 0 ? .notFound : id == 7 ? .outsideMaxAge : id == 8 ? .nullValue : .present
    }
}
