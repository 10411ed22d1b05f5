public import Columns
public import PointInTime
public import Values

/// Where the rows of sources are kept, so that features can be computed again from what was known:
/// the lake, or a server.
public protocol OfflineStore: Sendable {
    /// The event log of the source `name`.
    func eventLog(of name: String) throws -> any EventLog

    /// The sources that have a log, by name; also those that no definition has any more.
    func sources() throws -> [String]
}

/// The rows of one source: appended by interval of event time or as they come from a stream, never
/// changed.
///
/// One writer of intervals at a time, and one of each partition of the stream; any number of
/// readers, each with a state that does not change. An append is whole or absent, whatever ends the
/// process.
public protocol EventLog: StreamLog {
    /// The log as it is, or as it was.
    func state(at point: LogPoint) throws -> any EventLogState

    /// Appends the rows of an interval in one commit, which holds the interval and its identity.
    ///
    /// The same interval with the same identity is left as it is, without a call of `rows`. With
    /// another identity its rows take the place of those that are there, in one step.
    ///
    /// - Parameters:
    ///   - interval: the event times; rows outside are counted and left out.
    ///   - identity: what decides the rows: definitions, interval and input.
    ///   - schema: the columns: those that are there, maybe wider, and maybe more.
    ///   - time: the clock's, which the commit keeps.
    ///   - rows: gives the rows to the writer, any number of batches.
    /// - Returns: what became of it.
    /// - Throws: an error for another writer, an interval that overlaps another one or reaches into
    ///   the stream, a schema that does not fit, a full disk, and what `rows` throws; nothing is
    ///   appended then.
    func append(
        _ interval: EventInterval, identity: [UInt8], schema: Schema, at time: EventTime,
        rows: (any EventLogWriter) throws -> Void
    ) throws -> EventLogReceipt

    /// Removes rows from every state of the log, those that were replaced and those of the stream
    /// included, and records that were no rows.
    ///
    /// Intervals and their identities stay: the same input is not appended again. A removal that
    /// was killed has removed all or nothing; the next one tidies up after it.
    ///
    /// - Parameters:
    ///   - rows: which ones.
    ///   - time: the clock's, for the record of it.
    ///   - isDryRun: whether they are only counted.
    /// - Returns: how many rows of which states.
    /// - Throws: an error for another writer, damaged rows, a full disk.
    func remove(
        _ rows: RowSelection, at time: EventTime, isDryRun: Bool
    ) throws -> EventLogRemoval
}

/// One state of an event log.
public protocol EventLogState: Sendable {
    /// How many commits it has seen, of intervals and of the stream.
    var version: Int { get }
    /// The intervals whose rows count, in order of event time: the batch side.
    var intervals: [LoggedInterval] { get }
    /// Where the batch side ends; nil while no stream has begun.
    var streamCut: StreamCut? { get }
    /// How many rows of the stream it has.
    var streamRowCount: Int { get }
    /// The columns, as the newest commit has them; nil when nothing was appended.
    var schema: Schema? { get }
    /// What decides every row.
    var identity: [UInt8] { get }
    /// The rows: those of all intervals, then those of the stream by partition and offset.
    ///
    /// - Parameter workers: how many threads may open them.
    /// - Returns: rows of the columns that were appended; later ones are null where they lack.
    /// - Throws: an error for rows that are damaged or cannot be read.
    func rows(workers: Int) throws -> any BatchRows
}

/// Takes the rows of one append; nobody sees them before it is published.
public protocol EventLogWriter: AnyObject {
    /// Writes the rows that lie inside the interval.
    ///
    /// - Parameters:
    ///   - batch: rows of the append's schema.
    ///   - eventTimes: their event times, a column of timestamps of the same length.
    /// - Throws: what the system refuses, as on a full disk; the append is lost then.
    func write(_ batch: ColumnBatch, eventTimes: Column) throws
}

/// Which state of an event log is meant.
public enum LogPoint: Hashable, Sendable {
    /// As it is.
    case newest
    /// After so many commits.
    case version(Int)
    /// After the commits that were published at this time of the clock or before.
    case time(EventTime)
}

/// A span of event time: from `from` on, before `to`.
public struct EventInterval: Hashable, Sendable {
    /// The first instant inside.
    public var from: EventTime
    /// The first instant after it.
    public var to: EventTime

    /// Makes an interval, which must not be empty.
    public init(from: EventTime, to: EventTime) {
        precondition(from < to, "an interval that is empty")
        self.from = from
        self.to = to
    }

    /// Whether both have an instant.
    public func overlaps(_ other: EventInterval) -> Bool { from < other.to && other.from < to }

    /// Whether `time` is inside.
    public func contains(_ time: EventTime) -> Bool { from <= time && time < to }
}

extension EventInterval: CustomStringConvertible {
    /// `FROM to TO`, or `before TO`.
    public var description: String {
        from == .distantPast ? "before \(to)" : "\(from) to \(to)"
    }
}

/// An interval whose rows are in an event log.
public struct LoggedInterval: Hashable, Sendable {
    /// The event times of its rows.
    public let interval: EventInterval
    /// What decided its rows, as the writer told.
    public let identity: [UInt8]
    /// The commit that brought it.
    public let version: Int
    /// When it was published.
    public let publishedAt: EventTime
    /// How many rows it has.
    public let rowCount: Int
    /// How many bytes they take.
    public let byteCount: Int

    /// Puts an interval together.
    public init(
        interval: EventInterval, identity: [UInt8], version: Int, publishedAt: EventTime,
        rowCount: Int, byteCount: Int
    ) {
        self.interval = interval
        self.identity = identity
        self.version = version
        self.publishedAt = publishedAt
        self.rowCount = rowCount
        self.byteCount = byteCount
    }
}

/// What became of an append.
public struct EventLogReceipt: Hashable, Sendable {
    /// The interval as it is in the log.
    public let entry: LoggedInterval
    /// Whether it was written by this call.
    public let isNew: Bool
    /// What this call read; all zero when it did not need to.
    public let counts: EventLogCounts

    /// Puts a receipt together.
    public init(entry: LoggedInterval, isNew: Bool, counts: EventLogCounts) {
        self.entry = entry
        self.isNew = isNew
        self.counts = counts
    }
}

/// What an append was given.
public struct EventLogCounts: Hashable, Sendable {
    /// Rows that were written.
    public var written = 0
    /// Rows whose event time lies outside the interval.
    public var outside = 0
    /// Rows without an event time.
    public var withoutTime = 0

    /// Counts nothing.
    public init() {}
}

extension EventLogState {
    /// The parts of `interval` that no commit of the batch side covers, in order of time.
    public func gaps(in interval: EventInterval) -> [EventInterval] {
        var gaps: [EventInterval] = []
        var start = interval.from
        for entry in intervals.map(\.interval) where entry.overlaps(interval) {
            if start < entry.from { gaps.append(EventInterval(from: start, to: entry.from)) }
            start = max(start, entry.to)
        }
        if start < interval.to { gaps.append(EventInterval(from: start, to: interval.to)) }
        return gaps
    }

    /// Up to when all rows of the batch side are there; nil when the beginning is not.
    public var coveredTo: EventTime? {
        let everything = EventInterval(from: .distantPast, to: .distantFuture)
        guard let gap = gaps(in: everything).first else { return .distantFuture }
        return gap.from == .distantPast ? nil : gap.from
    }
}
