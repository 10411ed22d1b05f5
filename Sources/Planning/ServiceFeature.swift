public import Values

/// One feature of a view in a service's output.
public struct ServiceFeature: Hashable, Sendable {
    /// The index into the service's lookups.
    public let lookup: Int
    /// The index into the features of the lookup's view.
    public let feature: Int
    /// The output column: `view__feature` or the alias.
    public let column: String
    /// The feature's name within its view, or the alias.
    public let shortName: String
    /// The type of the output column.
    public let type: DataType
    /// The feature's identity.
    public let digest: FeatureDigest

    /// Makes a service feature.
    public init(
        lookup: Int, feature: Int, column: String, shortName: String, type: DataType,
        digest: FeatureDigest
    ) {
        self.lookup = lookup
        self.feature = feature
        self.column = column
        self.shortName = shortName
        self.type = type
        self.digest = digest
    }
}
