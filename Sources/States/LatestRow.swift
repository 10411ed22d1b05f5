import Aggregates
import Values

/// The newest row of an entity in a view of latest values.
struct LatestRow: Sendable {
    let eventTime: EventTime
    let knownAt: EventTime
    /// The features in the view's order.
    let values: [Scalar]

    /// Whether it takes the place of `other`: by event time, known-at, then the values in order of
    /// the features' names.
    func replaces(_ other: LatestRow, order: [Int]) -> Bool {
        if eventTime != other.eventTime { return eventTime > other.eventTime }
        if knownAt != other.knownAt { return knownAt > other.knownAt }
        for feature in order {
            let order = ValueOrder.compare(values[feature], other.values[feature])
            if order != 0 { return order > 0 }
        }
        return false
    }
}
