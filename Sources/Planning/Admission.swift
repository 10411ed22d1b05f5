public import Values

/// When a row counts at all: a pure predicate of the row, the same in every mode.
public struct Admission: Hashable, Sendable {
    /// How long after its event time a row may become known; nil = unlimited.
    public let lateness: EventDuration?
    /// How long before its event time a row may become known.
    public let maxAhead: EventDuration

    /// Makes an admission rule.
    public init(lateness: EventDuration?, maxAhead: EventDuration) {
        self.lateness = lateness
        self.maxAhead = maxAhead
    }
}
