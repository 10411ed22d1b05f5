import Planning
public import Values

/// How a point-in-time join is run; no option but `inclusive` changes a value.
public struct JoinOptions: Hashable, Sendable {
    /// Whether a row whose event time equals the asking time is seen.
    public var isInclusive: Bool
    /// Whether spine rows later than a source's complete-to mark are kept (and counted).
    public var allowsIncomplete: Bool
    /// How many threads may work at a time; at least 1.
    public var workers: Int
    /// Up to when the rows of a source are there, where that is less than the source declares.
    public var marks: [String: EventTime] = [:]

    /// Makes options; the defaults are strict and single-threaded.
    public init(isInclusive: Bool = false, allowsIncomplete: Bool = false, workers: Int = 1) {
        self.isInclusive = isInclusive
        self.allowsIncomplete = allowsIncomplete
        self.workers = workers
    }
}

extension JoinOptions {
    /// Up to when the rows of `source` are complete; nil when nothing says so.
    func mark(of source: SourcePlan) -> EventTime? {
        [source.completeTo, marks[source.name]].compactMap { $0 }.min()
    }
}
