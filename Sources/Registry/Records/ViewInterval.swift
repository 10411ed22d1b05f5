public import Values

/// A span of event time of one view: from `from` on, before `to`.
public struct ViewInterval: Hashable, Sendable {
    /// The view.
    public var view: String
    /// The first instant inside.
    public var from: EventTime
    /// The first instant after it.
    public var to: EventTime

    /// Makes an interval, which must not be empty.
    public init(view: String, from: EventTime, to: EventTime) {
        precondition(from < to, "an interval that is empty")
        self.view = view
        self.from = from
        self.to = to
    }
}

/// An interval that was materialized, or is being.
public struct IntervalRecord: Hashable, Sendable {
    /// How far it is.
    public enum State: String, Hashable, Sendable {
        /// Somebody works at it, or died at it.
        case running
        /// Its rows are in the stores.
        case done
        /// Its rows are in the stores, but are those of other input; or a run gave up.
        case stale
    }

    /// What was materialized.
    public var interval: ViewInterval
    /// What decided its rows.
    public var identity: RecordIdentity
    /// How far it is.
    public var state: State
    /// Who works at it; nil unless it is running.
    public var owner: ClaimOwner?
    /// Until when the owner counts as alive unless it says more.
    public var leaseEnd: EventTime?
    /// How many rows were read; nil until it is done.
    public var rows: Int?
    /// When the record changed.
    public var changedAt: EventTime
}

/// What became of a wish to materialize an interval.
public enum IntervalClaim: Hashable, Sendable {
    /// It is the caller's to do. What stood there before, if anything: a stale one's rows are to
    /// be replaced, a running one was left half done.
    case claimed(previous: IntervalRecord?)
    /// The same was done before.
    case done(IntervalRecord)
    /// Somebody else works at it, or at one that overlaps it.
    case running(IntervalRecord)
}
