public import Planning
public import Values

/// A model package: addressed by its content, and pinned to the features it was trained on.
public struct ModelRecord: Hashable, Sendable {
    /// The digest of the package.
    public var package: RecordIdentity
    /// The name that people use, shared by all versions.
    public var name: String
    /// Where the package is.
    public var path: String
    /// The service whose features it takes.
    public var service: String
    /// That service's identity when it was trained.
    public var serviceIdentity: FeatureDigest
    /// The features it was trained on, in the service's order.
    public var digests: [FeatureDigest]
    /// The data set it was trained on; nil when that was not recorded.
    public var dataSet: RecordIdentity?
    /// How good it was, by name, as `auc` or `test.log_loss`.
    public var metrics: [String: Double]
    /// When it was registered.
    public var registeredAt: EventTime

    /// Puts a record together.
    public init(
        package: RecordIdentity, name: String, path: String, service: String,
        serviceIdentity: FeatureDigest, digests: [FeatureDigest], dataSet: RecordIdentity?,
        metrics: [String: Double], registeredAt: EventTime
    ) {
        self.package = package
        self.name = name
        self.path = path
        self.service = service
        self.serviceIdentity = serviceIdentity
        self.digests = digests
        self.dataSet = dataSet
        self.metrics = metrics
        self.registeredAt = registeredAt
    }
}

/// One move of an alias, such as `production`, to a model.
public struct AliasMove: Hashable, Sendable {
    /// The alias.
    public var alias: String
    /// How often it was moved, this one included.
    public var number: Int
    /// The model it was moved to.
    public var package: RecordIdentity
    /// When.
    public var movedAt: EventTime
}
