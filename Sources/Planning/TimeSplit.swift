public import Values

/// A split of rows by their asking time into training, validation and test.
///
/// A label becomes known only after its row was asked: within `embargo`. A row whose label was not
/// known when the next part begins is dropped, since no model trained at that moment could have
/// learned from it.
public struct TimeSplit: Hashable, Sendable {
    /// What becomes of a row.
    public enum Part: Int, CaseIterable, Sendable {
        /// Trees are grown on it.
        case train
        /// It says when to stop.
        case validate
        /// The model is judged by it.
        case test
        /// Its label was not known early enough.
        case embargoed
        /// It lies in no interval.
        case outside
    }

    /// The rows that trees are grown on.
    public let train: Interval
    /// The rows that say when to stop; not before the end of `train`.
    public let validate: Interval
    /// The rows that the model is judged by; not before the end of `validate`.
    public let test: Interval
    /// How long a label takes to become known.
    public let embargo: EventDuration

    /// Makes a split; its intervals must follow one another.
    public init(train: Interval, validate: Interval, test: Interval, embargo: EventDuration) {
        precondition(train.to <= validate.from && validate.to <= test.from)
        precondition(embargo >= .zero)
        self.train = train
        self.validate = validate
        self.test = test
        self.embargo = embargo
    }

    /// What becomes of a row asked at `time`. Complexity: O(1).
    public func part(at time: EventTime) -> Part {
        if train.contains(time) { return isKnown(time, at: validate.from) ? .train : .embargoed }
        if validate.contains(time) { return isKnown(time, at: test.from) ? .validate : .embargoed }
        return test.contains(time) ? .test : .outside
    }

    private func isKnown(_ time: EventTime, at start: EventTime) -> Bool {
        time.advanced(by: embargo) <= start
    }
}

/// An interval of time; its start belongs to it, its end does not.
public struct Interval: Hashable, Sendable {
    /// The start.
    public let from: EventTime
    /// The end; later than the start.
    public let to: EventTime

    /// Makes an interval, which must not be empty.
    public init(from: EventTime, to: EventTime) {
        precondition(from < to, "an empty interval")
        self.from = from
        self.to = to
    }

    /// Whether `time` lies in it.
    public func contains(_ time: EventTime) -> Bool { from <= time && time < to }
}
