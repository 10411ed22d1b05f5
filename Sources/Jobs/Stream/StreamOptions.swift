public import Streams

/// How streams are processed.
public struct StreamOptions: Sendable {
    /// Where rows go.
    public enum Sink: String, CaseIterable, Sendable {
        /// The states in the online store.
        case online
        /// The event log in the offline store, and records that are no rows.
        case offline
    }

    /// Where rows go.
    public var sinks: Set<Sink> = Set(Sink.allCases)
    /// How many threads read each source for each sink.
    public var workers = 1
    /// Whether to end when all rows are written that the topics had.
    public var endsWhenCaughtUp = false
    /// Is told what happens, from several threads.
    public var tell: (@Sendable (StreamNews) -> Void)?
    /// Is told of each step of each processor.
    public var probe: @Sendable (StreamStep) -> Void = { _ in }

    /// Everything to both sinks, until told to end.
    public init() {}
}

/// What happens while streams are processed.
public enum StreamNews: Hashable, Sendable {
    /// Rows are folded into a generation that had none of them yet.
    case began(view: String, generation: UInt64, partitions: Int)
    /// A generation has caught up and is live now.
    case published(view: String, generation: UInt64)
    /// A topic is not keyed as its view says, or has more partitions than before.
    case shares(view: String)
    /// Something failed and is tried again.
    case failed(what: String, reason: String)
}
