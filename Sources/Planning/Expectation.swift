public import Definitions
public import Expressions
public import Values

/// What rows of a source or a view are expected to be, checked and compiled.
public struct Expectation: Hashable, Sendable {
    /// What is expected.
    public enum Rule: Hashable, Sendable {
        /// The condition is true or null for every row.
        case holds(TypedExpression)
        /// No two rows agree in all these columns; a row with a null in one agrees with none.
        case unique([String])
        /// The newest event time is at most this long before the asking time.
        case freshness(EventDuration)
        /// The number of rows differs by at most `within` from the median of the last `runs`.
        case volume(runs: Int, within: Share)
    }

    /// What is expected, in one line for people: `not_null carrier`.
    public let text: String
    /// What is expected.
    public let rule: Rule
    /// What happens when it is broken.
    public let action: ExpectationAction
    /// The share of rows that may break it. More than that stops a job even where the rows are
    /// quarantined.
    public let tolerated: Share

    /// Makes an expectation.
    public init(text: String, rule: Rule, action: ExpectationAction, tolerated: Share) {
        self.text = text
        self.rule = rule
        self.action = action
        self.tolerated = tolerated
    }
}

extension Expectation {
    /// The columns that it looks at.
    public var referencedColumns: [String] {
        switch rule {
        case .holds(let condition): condition.referencedColumns
        case .unique(let columns): columns
        case .freshness, .volume: []
        }
    }

    /// What becomes of a job whose rows are not as expected, in a few words.
    package var consequence: String {
        let beyond = tolerated == .none ? "" : " beyond \(tolerated)"
        return switch action {
        case .stop: "stops the job\(beyond)"
        case .quarantine:
            tolerated == .all
                ? "sets the rows aside" : "sets the rows aside, stops the job\(beyond)"
        case .warn: "warns\(beyond)"
        }
    }

    /// The condition of rows that are not set aside; nil when it sets none aside.
    public var keeping: TypedExpression? {
        guard action == .quarantine, case .holds(let condition) = rule else { return nil }
        return condition.orUnknown
    }
}
