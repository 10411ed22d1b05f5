/// How a point-in-time join is run; no option but `inclusive` changes a value.
public struct JoinOptions: Hashable, Sendable {
    /// Whether a row whose event time equals the asking time is seen.
    public var isInclusive: Bool
    /// Whether spine rows later than a source's complete-to mark are kept (and counted).
    public var allowsIncomplete: Bool
    /// How many threads may work at a time; at least 1.
    public var workers: Int

    /// Makes options; the defaults are strict and single-threaded.
    public init(isInclusive: Bool = false, allowsIncomplete: Bool = false, workers: Int = 1) {
        self.isInclusive = isInclusive
        self.allowsIncomplete = allowsIncomplete
        self.workers = workers
    }
}
