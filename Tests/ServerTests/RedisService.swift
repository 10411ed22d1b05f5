import Columns
import JSONParsing
import Redis
import Server
import States
import Stores
import TestSupport
import Values

/// A service over a Redis store whose states are plain texts: its feature `text` of the key `id` is
/// the state of that number in the view `v`.
struct RedisService: FeatureService {
    let store: ServedStore

    func onlineFeatures(
        _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> StoreQuestion<OnlineFeaturesResponse> {
        guard case .service("texts") = request.asked else {
            throw ServiceError(.unknownService, "there is no such service")
        }
        let keys = request.entities[0].values.map { value -> EntityKey? in
            guard case .integer(let id) = value else { return nil }
            return Self.key(id)
        }
        return StoreQuestion([StoreRequest(view: "v", keys: keys)], of: store) {
            stored throws(ServiceError) in
            do throws(StoreError) {
                return Self.response(try stored.get()[0])
            } catch {
                throw ServiceError(.unavailable, error.description)
            }
        }
    }

    func predict(
        _ request: PredictionRequest
    ) throws(ServiceError) -> StoreQuestion<PredictionResponse> {
        throw ServiceError(.unknownName, "there is no model")
    }

    func checkHealth() -> StoreQuestion<Void> { StoreQuestion(answeredBy: ()) }

    func metrics() -> StoreQuestion<[ServiceMetric]> { StoreQuestion(answeredBy: []) }

    /// Writes a generation in which the state of each of `ids` is `mark` and the id.
    static func fill(_ store: RedisOnlineStore, ids: Range<Int64>, mark: Int) throws {
        let writer = try store.beginGeneration(
            GenerationPlan(
                view: "v", layout: [], identity: [], cut: EventTime(microseconds: Int64(mark))))
        for id in ids { try writer.append(key(id).bytes, Array("\(mark) \(id)".utf8)) }
        _ = try writer.publish()
    }

    private static func key(_ id: Int64) -> EntityKey {
        var key = EntityKey()
        key.append(id)
        return key
    }

    private static func response(_ answer: StoreAnswer) -> OnlineFeaturesResponse {
        let texts = answer.values.map { value in
            value.map { Scalar.string(String(decoding: $0, as: UTF8.self)) } ?? .null
        }
        return OnlineFeaturesResponse(
            keys: ["id"],
            features: [
                .init(
                    name: "text", values: Column(type: .string, texts),
                    statuses: answer.values.map { $0 == nil ? .notFound : .present },
                    eventTimes: answer.values.map { _ in answer.generation?.cut })
            ])
    }
}

/// A server with a service over a Redis server, reached through a proxy.
final class RedisServing {
    let redis: RedisServer
    let proxy: FaultyProxy
    let server: HTTPServer
    let store: RedisOnlineStore

    init(ids: Range<Int64> = 0..<1000, storeMilliseconds: Int64 = 1000, requests: Int = 1024) throws
    {
        redis = try RedisServer()
        proxy = try FaultyProxy(to: redis.port)
        store = try RedisOnlineStore(RedisAddress(.host("127.0.0.1", port: redis.port)))
        try RedisService.fill(store, ids: ids, mark: 0)
        let far = try RedisOnlineStore(RedisAddress(.host("localhost", port: proxy.port)))
        var limits = ServerLimits()
        limits.storeTime = EventDuration(microseconds: storeMilliseconds * 1000)
        limits.storeRequests = requests
        server = try HTTPServer(
            listeningOn: ListenAddress(parsing: "127.0.0.1:0"), loops: 1, limits: limits)
        try server.start { RedisService(store: .redis(far)) }
    }

    deinit {
        server.stop()
        server.stop()
        try? server.wait()
        proxy.close()
    }

    /// Writes what a server without a log has lost.
    func refill() throws {
        let store = try RedisOnlineStore(RedisAddress(.host("127.0.0.1", port: redis.port)))
        try RedisService.fill(store, ids: 0..<1000, mark: 0)
    }

    func connect() throws -> LoopbackClient { try LoopbackClient(server.address) }

    static func request(_ ids: some Collection<Int>) -> String {
        post(
            "/get-online-features",
            #"{"feature_service":"texts","entities":{"id":\#(Array(ids))}}"#)
    }

    /// Asks and expects the answer of generation `mark`, or nil for 503.
    static func expected(_ ids: some Collection<Int>, mark: Int = 0) -> String {
        ids.map { "\"\(mark) \($0)\"" }.joined(separator: ",")
    }
}
