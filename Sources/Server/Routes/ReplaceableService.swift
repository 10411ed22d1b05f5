import Synchronization

/// A service in whose place another one can be put while requests are answered.
///
/// Each loop has one of its own, so that its lock is free but for the moment of the replacement.
public final class ReplaceableService: FeatureService {
    private let current: Mutex<any FeatureService>

    /// Answers by `service`.
    public init(_ service: any FeatureService) {
        current = Mutex(service)
    }

    /// Answers by `service` from the next request on; from any thread.
    public func replace(with service: any FeatureService) {
        current.withLock { $0 = service }
    }

    private var service: any FeatureService { current.withLock { $0 } }

    /// Answers by the service that is in place; see `FeatureService`.
    public func onlineFeatures(
        _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> StoreQuestion<OnlineFeaturesResponse> {
        try service.onlineFeatures(request)
    }

    /// Answers by the service that is in place; see `FeatureService`.
    public func predict(
        _ request: PredictionRequest
    ) throws(ServiceError) -> StoreQuestion<PredictionResponse> {
        try service.predict(request)
    }

    /// Writes by the service that is in place; see `FeatureService`.
    public func write(_ request: WriteRequest) throws(ServiceError) -> ServiceTask {
        try service.write(request)
    }

    /// Materializes by the service that is in place; see `FeatureService`.
    public func materialize(
        _ request: MaterializationRequest
    ) throws(ServiceError) -> ServiceTask { try service.materialize(request) }

    /// Asks the service that is in place; see `FeatureService`.
    public func checkHealth() -> StoreQuestion<Void> { service.checkHealth() }

    /// Asks the service that is in place; see `FeatureService`.
    public func metrics() -> StoreQuestion<[ServiceMetric]> { service.metrics() }
}
