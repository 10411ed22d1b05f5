public import Values

/// What `roost materialize` is asked to do.
public struct MaterializeOptions: Sendable {
    /// The folder for what does not fit the memory.
    public var spillFolder: String
    /// What time the online store shall be true as of.
    public var time: EventTime
    /// Where the interval of a scheduled run begins, if it has one; it ends at `time`.
    public var from: EventTime?
    /// Whether times later than a source is complete to are accepted.
    public var allowsIncomplete = false
    /// Whether views are built although nothing changed.
    public var isForced = false
    /// How many threads work at a time.
    public var workers = 1
    /// About how many bytes the states of all workers may take before they are spilled.
    public var memory = 1 << 30
    /// Called now and then, by any worker.
    public var progress: (@Sendable (MaterializeProgress) -> Void)?

    /// Makes options to be true as of `time`.
    public init(time: EventTime, spillFolder: String) {
        self.time = time
        self.spillFolder = spillFolder
    }
}

/// How far a materialization is.
public struct MaterializeProgress: Hashable, Sendable {
    /// What is done with the rows.
    public enum Step: String, Hashable, Sendable {
        /// They are appended to the source's event log.
        case offline
        /// They are folded into states for the online store.
        case online
    }

    /// The source that is read.
    public let source: String
    /// What for.
    public let step: Step
    /// How many of its rows were read.
    public let rows: Int
    /// How many it has.
    public let totalRows: Int
}
