import Columns
public import CommitProtocol
public import Records
public import Stores
public import Values

/// Rows of a stream for tests: those of `EventRows`, with the time they became known.
public enum StreamEvents {
    /// The columns `number`, `at` and `_known_at`.
    public static let schema = Schema(
        EventRows.schema.fields + [Field(name: StreamRows.knownAt, type: .timestamp)])

    /// A row for each pair of hours, the first at `start`.
    ///
    /// - Parameters:
    ///   - start: the offset of the first.
    ///   - rows: when each happened, which is its number, and when it became known.
    ///   - rejected: records that are no rows.
    ///   - end: behind the last record; nil: behind the last row.
    ///   - hour: the clock's.
    /// - Returns: the append.
    public static func append(
        from start: Int64, _ rows: [(event: Int64?, known: Int64)],
        rejected: [RejectedRecord] = [], to end: Int64? = nil, at hour: Int64 = 0
    ) -> StreamAppend {
        let events = EventRows.batch(rows.map(\.event))
        let known = Column(
            type: .timestamp, rows.map { .timestamp(EventRows.hour($0.known)) })
        let last = rejected.last.map { $0.offset + 1 } ?? 0
        return StreamAppend(
            end: Position(end ?? max(start + Int64(rows.count), last)),
            rows: events.appending(known, named: StreamRows.knownAt),
            eventTimes: events.columns[1], offsets: rows.indices.map { start + Int64($0) },
            rejected: rejected, at: EventRows.hour(hour))
    }

    /// A row for each of `hours`, known at once.
    public static func append(
        from start: Int64, hours: [Int64], at hour: Int64 = 0
    ) -> StreamAppend {
        append(from: start, hours.map { ($0, $0) }, at: hour)
    }

    /// A record that is no row.
    public static func rejected(
        at offset: Int64, _ value: String = "{", because reason: String = "no JSON"
    ) -> RejectedRecord {
        RejectedRecord(
            offset: offset, timestamp: 1_000_000, key: [0, 255], value: Array(value.utf8),
            reason: reason)
    }
}

extension OwnerToken {
    /// A token for tests.
    public static func number(_ number: UInt64) -> OwnerToken {
        OwnerToken(high: .max - number, low: number)
    }
}

extension EventLog {
    /// Begins a stream of partitions 0 and on, from offset 0, at the hour `cut`.
    @discardableResult
    public func begin(
        cut: Int64, partitions: Int32 = 1, schema: Schema = StreamEvents.schema
    ) throws -> StreamLogState {
        let positions = (0..<partitions).map { ($0, Position(0)) }
        return try beginStream(
            schema: schema, cut: EventRows.hour(cut),
            at: Dictionary(uniqueKeysWithValues: positions))
    }

    /// A committer that has claimed `partition`.
    public func claimed(
        _ partition: Int32 = 0, by token: UInt64 = 1
    ) throws -> any StreamCommitter<StreamAppend> {
        let committer = try streamCommitter(of: partition)
        let action = try committer.claim(.number(token))
        guard case .resume = action else { throw Unclaimed(action: action) }
        return committer
    }
}

/// A partition that cannot be claimed.
public struct Unclaimed: Error {
    /// What the committer says instead.
    public let action: CommitAction
}
