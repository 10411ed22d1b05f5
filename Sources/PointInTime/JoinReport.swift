public import Expressions

/// What became of the rows of one view's source, and of the spine rows that asked it.
public struct ViewReport: Hashable, Sendable {
    /// The view's name.
    public let view: String
    /// Rows of the source, by what became of them.
    public var rows = RowCounts()
    /// Totals of operations that had to give null, over the rows that were used.
    public var faults = FaultCounts()
    /// (key, exact feature) pairs that had more rows in a window than `max_events` keeps.
    public var overflowedKeys = 0
    /// Spine rows later than the source's complete-to mark, kept by `allowsIncomplete`.
    public var incompleteSpineRows = 0
}

/// Source rows counted by what became of them; every row is counted once.
public struct RowCounts: Hashable, Sendable {
    /// The event time is null.
    public var withoutEventTime = 0
    /// The declared known-at is null.
    public var withoutKnownAt = 0
    /// Known later after its event time than the view's lateness.
    public var tooLate = 0
    /// Known earlier before its event time than the view's max ahead.
    public var tooFarAhead = 0
    /// A key column is null, so the row belongs to no entity.
    public var withoutKey = 0
    /// Removed by the view's `where`.
    public var filtered = 0
    /// Admitted, but of a key that no spine row asks for.
    public var ofOtherKeys = 0
    /// Admitted and of a key in the spine.
    public var used = 0

    /// Counts nothing yet.
    public init() {}

    /// All rows of the source.
    public var total: Int { rejected + withoutKey + filtered + ofOtherKeys + used }

    /// Rows that the admission rule turned away.
    public var rejected: Int { withoutEventTime + withoutKnownAt + tooLate + tooFarAhead }

    package mutating func add(_ other: RowCounts) {
        withoutEventTime += other.withoutEventTime
        withoutKnownAt += other.withoutKnownAt
        tooLate += other.tooLate
        tooFarAhead += other.tooFarAhead
        withoutKey += other.withoutKey
        filtered += other.filtered
        ofOtherKeys += other.ofOtherKeys
        used += other.used
    }
}

/// What a point-in-time join did, beside its values.
public struct JoinReport: Hashable, Sendable {
    /// How many spine rows were answered.
    public let spineRows: Int
    /// One report per view, in the order in which the service first uses them.
    public let views: [ViewReport]
}
