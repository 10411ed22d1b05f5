public import Values

/// One built instance of a view in the online store, as the registry remembers it.
///
/// Which one answers is the store's to say: its pointer moves in the store's own transaction, and
/// this record follows.
public struct GenerationRecord: Hashable, Sendable {
    /// How far it is.
    public enum State: String, Hashable, Sendable {
        /// It is being filled, or was left half filled.
        case building
        /// The store's pointer was moved to it.
        case live
        /// Another one took its place.
        case retired
        /// It was given up before it was live.
        case abandoned
    }

    /// The view.
    public var view: String
    /// The number, unique within the view and never used again.
    public var id: Int64
    /// What decides its values: the digests, and what was read.
    public var identity: RecordIdentity
    /// Up to when rows are in it; nil when that is not one time.
    public var cut: EventTime?
    /// How far it is.
    public var state: State
    /// How many entities it holds; nil until it is live.
    public var entities: Int?
    /// How many bytes its states take; nil when that is not known.
    public var bytes: Int?
    /// When it was begun.
    public var startedAt: EventTime
    /// When the state changed.
    public var changedAt: EventTime
}
