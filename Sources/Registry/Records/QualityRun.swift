public import Values

/// What the rows of a source were like when a job read them.
public struct QualityRun: Hashable, Sendable {
    /// What became of one expectation.
    public struct Result: Hashable, Sendable {
        /// Who expects it: `source orders`, `view customer_orders`.
        public var subject: String
        /// What is expected, in one line.
        public var expectation: String
        /// What happens when it is broken: `stop`, `quarantine` or `warn`.
        public var action: String
        /// How it ended: `passed`, `warned`, `stopped` or `skipped`.
        public var verdict: String
        /// How many rows were checked.
        public var rows: Int
        /// How many rows break it.
        public var broken: Int
        /// What was seen of rules about all rows; else empty.
        public var detail: String

        /// Puts a result together.
        public init(
            subject: String, expectation: String, action: String, verdict: String, rows: Int,
            broken: Int, detail: String
        ) {
            self.subject = subject
            self.expectation = expectation
            self.action = action
            self.verdict = verdict
            self.rows = rows
            self.broken = broken
            self.detail = detail
        }
    }

    /// The profile of one column.
    public struct Column: Hashable, Sendable {
        /// The column's name.
        public var name: String
        /// Its type, as definitions spell it.
        public var type: String
        /// The bytes of the profile.
        public var profile: [UInt8]

        /// Puts a column together.
        public init(name: String, type: String, profile: [UInt8]) {
            self.name = name
            self.type = type
            self.profile = profile
        }
    }

    /// The number, counted from 1; 0 before it is recorded.
    public var number: Int64 = 0
    /// The source.
    public var source: String
    /// The command that read the rows.
    public var command: String
    /// How long the interval is that rows were counted in; nil = all rows.
    public var span: EventDuration?
    /// What was read: the same again takes the record's place.
    public var identity: RecordIdentity
    /// Whether the job stopped because of it.
    public var isStopped: Bool
    /// When it was read.
    public var readAt: EventTime
    /// How many rows there were in the interval, by subject.
    public var rows: [String: Int]
    /// The expectations, those of the source first.
    public var results: [Result]
    /// The columns, in the source's order; none when they were not profiled.
    public var columns: [Column]

    /// Puts a record together.
    public init(
        source: String, command: String, span: EventDuration?, identity: RecordIdentity,
        isStopped: Bool, readAt: EventTime, rows: [String: Int], results: [Result],
        columns: [Column]
    ) {
        self.source = source
        self.command = command
        self.span = span
        self.identity = identity
        self.isStopped = isStopped
        self.readAt = readAt
        self.rows = rows
        self.results = results
        self.columns = columns
    }
}
