import Columns
import Expressions
import Planning
import PointInTime
import Stores
import Values
import Workers

/// Brings the event log of a source up to a time: all rows that its files have from the beginning,
/// with all declared columns, before any `where`, admitted or not.
///
/// What is there of the same input is left alone. An interval whose input is another is appended
/// again, in the place of its old rows; what is not there yet is appended as one interval. Each is
/// one commit, so a job that is killed leaves whole intervals, and the next one does the others.
///
/// Once a stream of the source has begun, only rows of the batch side are of the log: those before
/// the stream's cut that were known at it. An interval that was loaded before with rows that became
/// known later is appended again without them, because the stream brings them; so this is run
/// between the stream's beginning and its first row.
struct EventLogLoad {
    /// Changes when the same input would give other rows.
    private static let version = 1
    /// The column that says when a row became known.
    static let knownAt = Field(name: "_known_at", type: .timestamp)

    private let source: SourcePlan
    private let rows: ParquetRows
    private let folder: String
    private let log: any EventLog
    private let workers: Int
    /// The log as it was at first.
    private let state: any EventLogState

    /// Prepares the log of `source`, which has all its columns, for its rows.
    init(
        _ source: SourcePlan, _ rows: ParquetRows, folder: String, log: any EventLog,
        workers: Int
    ) throws {
        guard source.schema.type(of: Self.knownAt.name) == nil else {
            throw JobError(
                .usage,
                "source '\(source.name)' declares a column '\(Self.knownAt.name)', which the "
                    + "offline store keeps for itself", hint: "give the column another name")
        }
        self.source = source
        self.folder = folder
        self.log = log
        self.workers = workers
        self.rows = rows
        state = try log.state(at: .newest)
    }

    /// Where the batch side ends.
    private var cut: StreamCut? { state.streamCut }

    private var schema: Schema { Schema(source.schema.fields + [Self.knownAt]) }

    /// Appends what is missing or of other input before `end`, or before the stream's cut.
    ///
    /// - Parameters:
    ///   - end: up to when rows are wanted.
    ///   - time: the clock's, for the commits.
    ///   - tell: is told how far it is.
    /// - Returns: what the log has then.
    /// - Throws: what reading the files and appending to the log throw.
    func run(
        to end: EventTime, at time: EventTime,
        tell: (@Sendable (MaterializeProgress) -> Void)? = nil
    ) throws -> MaterializeReport.Source {
        let spans = try ChunkSpans(rows, of: source, workers: workers)
        let end = min(end, cut?.time ?? end)
        let there = state.intervals.filter { $0.interval.from < end }
        let missing =
            end > .distantPast ? state.gaps(in: EventInterval(from: .distantPast, to: end)) : []
        let identities = try identities(of: there.map(\.interval) + missing, spans)
        let stale = there.filter { $0.identity != identities[$0.interval] }.map(\.interval)
        var appended = 0
        for interval in stale + missing {
            let identity = identities[interval] ?? []
            appended += try append(interval, identity, spans, at: time, tell).counts.written
        }
        let isUnchanged = stale.isEmpty && missing.isEmpty
        let result = isUnchanged ? state : try log.state(at: .newest)
        return MaterializeReport.Source(
            source: source.name, completeTo: result.coveredTo ?? end, version: result.version,
            rows: result.intervals.reduce(0) { $0 + $1.rowCount },
            bytes: result.intervals.reduce(0) { $0 + $1.byteCount }, appended: appended,
            superseded: stale.count, isUnchanged: isUnchanged)
    }

    private func append(
        _ interval: EventInterval, _ identity: [UInt8], _ spans: ChunkSpans, at time: EventTime,
        _ tell: (@Sendable (MaterializeProgress) -> Void)?
    ) throws -> EventLogReceipt {
        let chunks = spans.chunks(in: interval)
        let meter = ProgressMeter(
            source: source.name, step: .offline,
            total: chunks.reduce(0) { $0 + rows.rowCount(chunk: $1) }, tell: tell)
        return try log.append(
            interval, identity: identity, schema: schema, at: time
        ) { writer in
            // As many chunks as there are workers are read at a time, and written in their order.
            for start in stride(from: 0, to: chunks.count, by: workers) {
                let wave = chunks[start..<min(start + workers, chunks.count)]
                let batches = try concurrentMap(count: wave.count, workers: workers) { index in
                    try batch(chunk: wave[wave.startIndex + index])
                }
                for batch in batches {
                    try writer.write(batch.rows, eventTimes: batch.eventTimes)
                    meter.add(batch.rows.rowCount)
                }
            }
        }
    }

    /// The declared columns of a chunk with the time its rows became known, and their event times.
    private func batch(chunk: Int) throws -> (rows: ColumnBatch, eventTimes: Column) {
        let knownAt = source.knownAt ?? source.eventTime
        let names = source.schema.fields.map(\.name) + [source.eventTime, knownAt]
        let all = try source.batch(of: rows, chunk, names)
        guard let events = all[source.eventTime], let known = all[knownAt] else {
            throw JobError(.failure, "source '\(source.name)' has no times")
        }
        let declared = source.schema.fields.compactMap { all[$0.name] }
        let batch = ColumnBatch(
            schema: schema, columns: declared + [known], rowCount: all.rowCount)
        guard let cut else { return (batch, events) }
        let kept = FixedValues(cut.positions(isBatch: true, in: batch, eventTimes: events))
        return (batch.gathering(kept), events.gathering(kept))
    }

    /// What decides the rows of each interval: the columns, the times, and the files that have rows
    /// of it, or, where files are a copy, the rows. Features do not: the log is the same for all
    /// views.
    private func identities(
        of intervals: [EventInterval], _ spans: ChunkSpans
    ) throws -> [EventInterval: [UInt8]] {
        var identities: [EventInterval: [UInt8]] = [:]
        if rows.origin == nil {
            let known = try source.knownAt.map {
                try ChunkSpans(rows, of: source, $0, workers: workers)
            }
            for interval in intervals {
                var inputs = spans.files(in: interval).map { rows.input($0, below: folder).line }
                let isCut = spans.chunks(in: interval).contains { chunk in
                    cut.map { known?.reach(beyond: $0.time, chunk: chunk) == true } ?? false
                }
                if let cut, isCut { inputs.append("known at \(cut.time.microseconds)") }
                identities[interval] = identity(of: interval, inputs)
            }
            return identities
        }
        let digests = try IntervalDigests(intervals).adding(
            chunks: rows.chunkCount, workers: workers
        ) { chunk in try batch(chunk: chunk) }
        for (interval, digest) in digests.digests {
            identities[interval] = identity(
                of: interval, ["\(digest.count) rows \(digest.text)"])
        }
        return identities
    }

    private func identity(of interval: EventInterval, _ inputs: [String]) -> [UInt8] {
        var text = "roost event log \(Self.version)\n"
        text += "interval \(interval.from.microseconds) \(interval.to.microseconds)\n"
        for field in source.schema.fields { text += "column \(field.type) \(field.name)\n" }
        text += "event time \(source.eventTime)\nknown at \(source.knownAt ?? source.eventTime)\n"
        text += "zone \(source.zone ?? "")\n"
        let times = source.prunedToTimes.computed
        for column in times { text += "computed \(column.name) \(column.canonicalText)\n" }
        for input in inputs { text += input + "\n" }
        return SHA256.hash(Array(text.utf8))
    }
}
