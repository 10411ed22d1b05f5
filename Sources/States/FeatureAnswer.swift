import Columns
public import Values

/// The features of one view for one entity.
public struct FeatureAnswer: Hashable, Sendable {
    /// One value per feature asked for.
    public var values: [Scalar]
    /// One status per feature asked for.
    public var statuses: [FeatureStatus]
    /// When the newest row of the entity happened; nil when there is none.
    public var newest: EventTime?
    /// The time that the values are true for: the asking time, or the cut of a batch-refreshed
    /// view.
    public var asOf: EventTime

    /// The answer to `question` for one entity; see `StateAnswers.append`.
    public init(
        _ question: StateQuestion, encoded: [UInt8]?, asked: EventTime, seen: EventTime
    ) throws(StateError) {
        var answers = StateAnswers(to: question, capacity: 1)
        asOf = try answers.append(encoded, asked: asked, seen: seen)
        newest = answers.newest[0]
        let features = answers.finish()
        values = features.map { $0.values.scalar(at: 0) }
        statuses = features.map { $0.statuses[0] }
    }
}
