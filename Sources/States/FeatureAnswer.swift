public import Values

/// The features of one view for one entity.
public struct FeatureAnswer: Hashable, Sendable {
    /// One value per feature asked for.
    public var values: [Scalar]
    /// One status per feature asked for.
    public var statuses: [FeatureStatus]
    /// When the newest row of the entity happened; nil when there is none.
    public var newest: EventTime?
    /// The time that the values are true for: the asking time, or the cut of a batch-refreshed
    /// view.
    public var asOf: EventTime
}
