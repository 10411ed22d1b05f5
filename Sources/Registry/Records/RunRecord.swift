public import Values

/// One run of a job.
public struct RunRecord: Hashable, Sendable {
    /// The number, counted from 1.
    public var id: Int64
    /// What ran, as `materialize` or `train`.
    public var kind: String
    /// What it was asked for, by name.
    public var parameters: [String: String]
    /// What it measured, by name; empty until it ended.
    public var metrics: [String: Double]
    /// When it began.
    public var startedAt: EventTime
    /// When it ended; nil while it runs, and for ever when it was killed.
    public var endedAt: EventTime?
    /// Its exit code; nil until it ended.
    public var exitCode: Int32?
}

/// One `roost apply` that changed something.
public struct ApplyRecord: Hashable, Sendable {
    /// The number, counted from 1.
    public var number: Int
    /// When.
    public var appliedAt: EventTime
    /// What changed, in one line.
    public var summary: String
    /// Whether it broke something, as was allowed.
    public var isBreaking: Bool
}
