public import Columns
public import Expressions
public import States
public import Values

/// The features of a service for some entities: columns in the service's order, derived ones last.
public struct LookupAnswer: Sendable {
    /// Names and types of the columns.
    public let fields: [Field]
    /// One column per field, one row per row asked.
    public let columns: [Column]
    /// `[column][row]`: what the value is worth; of derived features only PRESENT and NULL_VALUE.
    public let statuses: [[FeatureStatus]]
    /// `[column][row]`: when the newest row of the entity happened; nil for derived features and
    /// where there is none.
    public let eventTimes: [[EventTime?]]
    /// One per lookup of the service: what it was answered from.
    public let views: [ViewAnswer]
    /// Operations of derived features that had to give null.
    public let faults: FaultCounts
}

/// What one view was answered from.
public struct ViewAnswer: Hashable, Sendable {
    /// The view.
    public let view: String
    /// The number of the generation.
    public let generation: UInt64
    /// What the generation is true as of: for a batch-refreshed view the cut it was asked at.
    public let cut: EventTime
    /// The cut that the schedule asks for at this time; nil for a view that a stream refreshes.
    public let scheduledCut: EventTime?

    /// Whether a batch-refreshed view was answered as of another cut than its schedule says.
    public var isOffSchedule: Bool { scheduledCut.map { $0 != cut } ?? false }
}
