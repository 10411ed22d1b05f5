public import Values

/// What rows of a source or a view are expected to be, as written.
public struct ExpectationDefinition: Hashable, Sendable {
    /// What is expected.
    public enum Rule: Hashable, Sendable {
        /// A column has no nulls.
        case notNull(Name)
        /// Values of a column lie between two literals, both inside.
        case range(Name, from: ScalarText?, to: ScalarText?)
        /// Values of a column are among these literals.
        case accepted(Name, [ScalarText])
        /// No two rows agree in all these columns.
        case unique([Name])
        /// The newest row is at most this old.
        case freshness(EventDuration)
        /// The number of rows is about that of the last runs.
        case volume(runs: Int, within: Share)
        /// A condition of the user's own, and its text.
        case that(ExpressionText, text: String)
    }

    /// The keys that name a rule, as they are written.
    public static let ruleNames = [
        "not_null", "range", "accepted", "unique", "freshness", "volume", "that",
    ]

    /// The key that names the rule, at its place.
    public var key: Name
    /// What is expected.
    public var rule: Rule
    /// What happens when it is broken; nil = stop.
    public var action: Located<ExpectationAction>?
    /// The share of rows that may break it.
    public var tolerated: Located<Share>?

    /// Makes an expectation.
    public init(
        key: Name, rule: Rule, action: Located<ExpectationAction>? = nil,
        tolerated: Located<Share>? = nil
    ) {
        self.key = key
        self.rule = rule
        self.action = action
        self.tolerated = tolerated
    }
}

/// What happens when rows are not as expected.
public enum ExpectationAction: String, CaseIterable, Hashable, Sendable {
    /// The job ends and publishes nothing.
    case stop
    /// The rows that break it count for nothing and are written aside.
    case quarantine
    /// It is reported.
    case warn
}
