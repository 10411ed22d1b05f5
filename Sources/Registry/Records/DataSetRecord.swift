public import Planning
public import Values

/// A training set that was written.
public struct DataSetRecord: Hashable, Sendable {
    /// What decided every byte of it.
    public var identity: RecordIdentity
    /// Where it was written.
    public var path: String
    /// The service that it was built for.
    public var service: String
    /// That service's identity then.
    public var serviceIdentity: FeatureDigest
    /// How many rows it has.
    public var rows: Int
    /// When it was written.
    public var writtenAt: EventTime

    /// Puts a record together.
    public init(
        identity: RecordIdentity, path: String, service: String, serviceIdentity: FeatureDigest,
        rows: Int, writtenAt: EventTime
    ) {
        self.identity = identity
        self.path = path
        self.service = service
        self.serviceIdentity = serviceIdentity
        self.rows = rows
        self.writtenAt = writtenAt
    }
}
