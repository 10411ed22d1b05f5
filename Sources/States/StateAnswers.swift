import Aggregates
public import Columns
public import Values

/// The answers of one view for entity after entity, feature by feature.
public struct StateAnswers: Sendable {
    /// What is asked.
    public let question: StateQuestion
    /// When the newest row of each entity happened; nil where there is none.
    public private(set) var newest: [EventTime?] = []
    /// What each entity's values are worth, where PRESENT includes values that are null.
    private var worth: [FeatureStatus] = []
    var columns: [ColumnAppender]

    /// Starts without an answer, with room for `capacity` of them.
    public init(to question: StateQuestion, capacity: Int) {
        self.question = question
        columns = question.distinct.map {
            ColumnAppender(type: question.layout.types[$0], capacity: capacity)
        }
        newest.reserveCapacity(capacity)
        worth.reserveCapacity(capacity)
    }

    /// Ends the answer of an entity, whose values have been appended.
    mutating func close(_ status: FeatureStatus, newest time: EventTime?) {
        worth.append(status)
        newest.append(time)
    }

    /// The values and statuses of the features as asked, one per entity.
    public consuming func finish() -> [(values: Column, statuses: [FeatureStatus])] {
        let worth = worth
        let finished = columns.map { column in
            let values = column.finish()
            return (values: values, statuses: Self.statuses(of: values, worth))
        }
        return question.features.map { finished[question.places[$0] ?? 0] }
    }

    /// Columns without a null share one array.
    private static func statuses(of column: Column, _ worth: [FeatureStatus]) -> [FeatureStatus] {
        if column.nullCount == 0 { return worth }
        return worth.indices.map { row in
            worth[row] == .present && column.isNull(row) ? .nullValue : worth[row]
        }
    }
}
