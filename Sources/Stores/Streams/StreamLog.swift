public import Columns
public import CommitProtocol
public import Records
public import Values

/// Rows of a source that come from a stream, in its event log: each once, in order of the offsets of
/// each partition.
///
/// A row is of the batch side or of the stream side, never of both: when a stream begins, `cut` is
/// recorded. Rows that happened before it and were known at it are the batch side's (`StreamCut`);
/// the stream leaves them out, and from then on no batch interval beyond it is taken. Rows of
/// intervals that became known later are the stream's: whoever loads intervals leaves them out from
/// then on, and appends those anew that have some, before the stream's first row.
///
/// Each commit that brings rows is a version of the log, so that a state does not change under its
/// reader and is had again by its version.
public protocol StreamLog: Sendable {
    /// What is recorded of the stream; nil when none has begun.
    func streamState() throws -> StreamLogState?

    /// Records the stream's beginning, or the partitions that came since.
    ///
    /// - Parameters:
    ///   - schema: the columns of the log, as in an append.
    ///   - cut: where the batch side ends, at the end of its last interval or later; the one that
    ///     is recorded stays.
    ///   - positions: by partition, where rows begin; checkpoints that are there stay.
    /// - Returns: what is recorded then.
    /// - Throws: `overlap` for a cut before the end of an interval; `schema` for columns that do not
    ///   fit, or are fewer than are there; `busy` while an interval is appended, if something but
    ///   partitions is to be recorded; what the system refuses.
    func beginStream(
        schema: Schema, cut: EventTime, at positions: [Int32: Position]
    ) throws -> StreamLogState

    /// A worker's side of a partition's checkpoint; nothing is asked for yet.
    func streamCommitter(of partition: Int32) throws -> any StreamCommitter<StreamAppend>

    /// Records that were no rows, the newest last.
    ///
    /// - Parameter limit: at most so many.
    /// - Returns: the newest ones.
    /// - Throws: what the system refuses.
    func deadLetters(limit: Int) throws -> [DeadLetter]
}

/// How far a stream is in an event log.
public struct StreamLogState: Hashable, Sendable {
    /// Rows that happened before it and were known at it are the batch side's.
    public var cut: EventTime
    /// By partition from 0 on; nil where there is no checkpoint.
    public var checkpoints: [Checkpoint?]
    /// How many rows of the stream are there.
    public var rowCount: Int
    /// How many records were no rows.
    public var deadLetterCount: Int

    /// Puts a state together.
    public init(cut: EventTime, checkpoints: [Checkpoint?], rowCount: Int, deadLetterCount: Int) {
        self.cut = cut
        self.checkpoints = checkpoints
        self.rowCount = rowCount
        self.deadLetterCount = deadLetterCount
    }
}

/// Rows of one partition from a worker's position on, for an event log.
public struct StreamAppend {
    /// Behind the last record.
    public var end: Position
    /// Rows of the log's columns.
    public var rows: ColumnBatch
    /// Their event times; null where a row has none.
    public var eventTimes: Column
    /// The place of each row.
    public var offsets: [Int64]
    /// Records that are no rows.
    public var rejected: [RejectedRecord]
    /// The clock's, which the log keeps: see `LogPoint.time`.
    public var time: EventTime

    /// Puts an append together.
    public init(
        end: Position, rows: ColumnBatch, eventTimes: Column, offsets: [Int64],
        rejected: [RejectedRecord], at time: EventTime
    ) {
        self.end = end
        self.rows = rows
        self.eventTimes = eventTimes
        self.offsets = offsets
        self.rejected = rejected
        self.time = time
    }
}

/// A record that was no row, and where it stood.
public struct DeadLetter: Hashable, Sendable {
    /// The partition.
    public var partition: Int32
    /// The record and the reason.
    public var record: RejectedRecord

    /// Puts it together.
    public init(partition: Int32, record: RejectedRecord) {
        self.partition = partition
        self.record = record
    }
}
