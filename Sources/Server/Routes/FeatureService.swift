/// What the routes ask; implemented over the online store and the models, and in memory in tests.
///
/// A service plans and answers; it never waits: what must be read for an answer stands in the
/// question, and the loop reads it. One value serves one loop: calls come from that loop's thread
/// only, one after the other. Whatever a request needs must be resolved before the loop starts.
public protocol FeatureService: Sendable {
    /// Answers one row per entity.
    func onlineFeatures(
        _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> StoreQuestion<OnlineFeaturesResponse>

    /// Asks a model for one prediction per entity.
    func predict(
        _ request: PredictionRequest
    ) throws(ServiceError) -> StoreQuestion<PredictionResponse>

    /// Writes rows beside what is materialized: the newest of each entity wins.
    func write(_ request: WriteRequest) throws(ServiceError) -> ServiceTask

    /// Materializes views.
    func materialize(_ request: MaterializationRequest) throws(ServiceError) -> ServiceTask

    /// Has an answer, which says nothing, when requests can be answered.
    func checkHealth() -> StoreQuestion<Void>

    /// What the service itself counts, for `/metrics`.
    func metrics() -> StoreQuestion<[ServiceMetric]>
}

extension FeatureService {
    /// Refuses to write.
    public func write(_ request: WriteRequest) throws(ServiceError) -> ServiceTask {
        throw ServiceError(.notSupported, "this server does not write")
    }

    /// Refuses to materialize.
    public func materialize(
        _ request: MaterializationRequest
    ) throws(ServiceError) -> ServiceTask {
        throw ServiceError(.notSupported, "this server does not materialize")
    }
}

/// A number that a service counts.
public struct ServiceMetric: Hashable, Sendable {
    /// The name after `roost_`, with its unit; a counter's ends in `_total`.
    public var name: String
    /// What it says.
    public var help: String
    /// Names and values of its labels.
    public var labels: [(name: String, value: String)] {
        zip(labelNames, labelValues).map { ($0, $1) }
    }
    /// The number.
    public var value: Double
    private let labelNames: [String]
    private let labelValues: [String]

    /// Makes a number with labels.
    public init(_ name: String, help: String, labels: KeyValuePairs<String, String>, value: Double)
    {
        (self.name, self.help, self.value) = (name, help, value)
        labelNames = labels.map(\.key)
        labelValues = labels.map(\.value)
    }
}

/// Why a service cannot answer a request.
public struct ServiceError: Error, Hashable, Sendable {
    /// What kind of error it is, which decides the status.
    public struct Code: Hashable, Sendable {
        let status: HTTPStatus
        let feastClass: String

        /// 404: there is no feature service of that name.
        public static let unknownService = Code(
            status: .notFound, feastClass: "FeatureServiceNotFoundException")
        /// 404: there is no feature view of that name.
        public static let unknownView = Code(
            status: .notFound, feastClass: "FeatureViewNotFoundException")
        /// 404: there is no feature or model of that name.
        public static let unknownName = Code(
            status: .notFound, feastClass: "FeastObjectNotFoundException")
        /// 400: the caller's values do not fit.
        public static let badRequest = Code(status: .badRequest, feastClass: "FeastError")
        /// 413: the caller wants too much at once.
        public static let tooLarge = Code(status: .contentTooLarge, feastClass: "FeastError")
        /// 409: what is stored belongs to other definitions.
        public static let conflict = Code(status: .conflict, feastClass: "FeastError")
        /// 501: this server does not do that.
        public static let notSupported = Code(status: .notImplemented, feastClass: "FeastError")
        /// 503: it may work later.
        public static let unavailable = Code(
            status: .serviceUnavailable, feastClass: "FeastError")
        /// 500: a fault of the server.
        public static let fault = Code(status: .internalServerError, feastClass: "FeastError")
    }

    /// What kind of error it is.
    public let code: Code
    /// What failed, with which value, and what to do.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
