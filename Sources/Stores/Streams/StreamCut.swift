public import Columns
import Records
public import Values

/// Where the batch side of a source's rows ends: each row is of one side, whoever looks at it and
/// whenever, so that none is missing and none is there twice.
public struct StreamCut: Hashable, Sendable {
    /// The column that says when a row became known.
    private static let knownAt = StreamRows.knownAt

    /// The time.
    public let time: EventTime

    /// The cut at `time`.
    public init(_ time: EventTime) { self.time = time }

    /// Whether a row had happened before the cut and was known at it. One that does not say when it
    /// became known counts as known when it happened.
    public func isBatch(event: EventTime, known: EventTime?) -> Bool {
        event < time && known ?? event <= time
    }

    /// The rows of one side, ascending.
    ///
    /// - Parameters:
    ///   - isBatch: which side; rows without an event time are of neither.
    ///   - rows: rows of an event log, with the column `_known_at` if they say it.
    ///   - eventTimes: their event times.
    /// - Returns: their positions.
    public func positions(
        isBatch: Bool, in rows: ColumnBatch, eventTimes: Column
    ) -> [Int32] {
        let known = rows[Self.knownAt]
        return (0..<rows.rowCount).compactMap { row in
            guard let event = eventTimes.time(at: row) else { return nil }
            let isThere = self.isBatch(event: event, known: known?.time(at: row)) == isBatch
            return isThere ? Int32(row) : nil
        }
    }
}

extension Column {
    /// The time in a row of a column of timestamps; nil for a null.
    fileprivate func time(at row: Int) -> EventTime? {
        guard case .int64(let values) = storage, !isNull(row) else { return nil }
        return EventTime(microseconds: values[row])
    }
}
