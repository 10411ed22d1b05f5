import Columns
package import CommitProtocol
package import Planning
import PointInTime
package import Records
package import Stores
package import Values

/// Appends the rows of one partition to the event log of their source.
package final class LogSink: PartitionSink {
    private let source: SourcePlan
    private let cut: EventTime
    private let committer: any StreamCommitter<StreamAppend>
    private let counters: StreamCounters
    private let now: () -> EventTime

    /// Appends rows that the batch side does not have.
    ///
    /// - Parameters:
    ///   - source: the source, with all its columns.
    ///   - cut: where the batch side ends.
    ///   - committer: the partition's side of its checkpoint.
    ///   - counters: where it is counted what becomes of rows.
    ///   - now: the clock.
    package init(
        _ source: SourcePlan, cut: EventTime, committer: any StreamCommitter<StreamAppend>,
        counters: StreamCounters, now: @escaping () -> EventTime
    ) {
        self.source = source
        self.cut = cut
        self.committer = committer
        self.counters = counters
        self.now = now
    }

    /// The columns of the log of `source`.
    package static func schema(of source: SourcePlan) -> Schema {
        Schema(source.schema.fields + [Field(name: StreamRows.knownAt, type: .timestamp)])
    }

    package var name: String { "the event log of '\(source.name)'" }

    package var remedy: String {
        "if the topic was made anew it is another source: give it a name of its own, so that the rows "
            + "of both are kept"
    }

    package func claim(_ token: OwnerToken) throws -> CommitAction { try committer.claim(token) }

    package func release() { committer.release() }

    package func check(at position: Position) throws -> CommitAction {
        let schema = Self.schema(of: source)
        let rows = ColumnBatch(
            schema: schema, columns: schema.fields.map { Column(type: $0.type, []) }, rowCount: 0)
        return try committer.commit(
            StreamAppend(
                end: position, rows: rows, eventTimes: Column(type: .timestamp, []), offsets: [],
                rejected: [], at: now()))
    }

    package func write(_ batch: StreamRows, from position: Position) throws -> CommitAction {
        if batch.end <= position.offset { return .goOn(from: position) }
        let rows = own(of: batch, from: position.offset)
        counters.count(name) { $0.rows.used += rows.count }
        let chosen = batch.batch.gathering(FixedValues(rows.map { Int32($0) }))
        let schema = Self.schema(of: source)
        let columns =
            source.schema.fields.map { chosen.column($0.name) }
            + [chosen.column(source.knownAt ?? StreamRows.knownAt)]
        return try committer.commit(
            StreamAppend(
                end: Position(batch.end),
                rows: ColumnBatch(schema: schema, columns: columns, rowCount: rows.count),
                eventTimes: chosen.column(source.eventTime),
                offsets: rows.map { batch.offsets[$0] },
                rejected: batch.rejected.filter { $0.offset >= position.offset }, at: now()))
    }

    /// The rows from `offset` on that the batch side does not have.
    private func own(of batch: StreamRows, from offset: Int64) -> [Int] {
        let events = batch.batch.column(source.eventTime)
        let eventTimes = batch.batch.int64Values(source.eventTime)
        let knownColumn = batch.batch.column(source.knownAt ?? source.eventTime)
        let known = batch.batch.int64Values(source.knownAt ?? source.eventTime)
        let cut = cut.microseconds
        return batch.offsets.indices.filter { row in
            guard batch.offsets[row] >= offset else { return false }
            if events.isNull(row) || knownColumn.isNull(row) { return true }
            return eventTimes[row] >= cut || known[row] > cut
        }
    }
}
