public import Columns
import Glibc
import Parquet
public import Stores
import Values

/// An append that is being written; nobody sees its rows before it is published.
///
/// Not safe to use from several threads at a time. Memory: about a row group of each open day, of
/// which there are at most 128; a day that comes back after it was closed goes on in another file.
/// Row groups are small, so that all of them together are.
public final class LakeAppend: EventLogWriter {
    /// What was given so far.
    public private(set) var counts = EventLogCounts()

    private static let openLimit = 128
    static let rowGroupRows = 1 << 15

    private struct Day {
        let path: String
        let writer: ParquetWriter
        var lastUse: Int
    }

    private let source: String
    private let interval: EventInterval
    private let schema: Schema
    private let version: Int
    private var open: [Int64: Day] = [:]
    private var files: [LakeFile] = []
    private var partCount = 0
    private var clock = 0

    init(source: String, interval: EventInterval, schema: Schema, version: Int) {
        self.source = source
        self.interval = interval
        self.schema = schema
        self.version = version
    }

    /// Writes the rows that lie inside the interval.
    ///
    /// - Parameters:
    ///   - batch: rows of the append's schema.
    ///   - eventTimes: their event times, a column of timestamps of the same length.
    /// - Throws: `io`, as on a full disk; the append is lost then.
    public func write(_ batch: ColumnBatch, eventTimes: Column) throws(LakeError) {
        precondition(batch.schema == schema, "rows of another schema than the append's")
        precondition(eventTimes.count == batch.rowCount, "as many times as rows are needed")
        let days = split(eventTimes)
        for (day, rows) in days {
            let isWhole = rows.count == batch.rowCount
            let part = isWhole ? batch : batch.gathering(FixedValues(rows))
            let writer = try writer(of: day)
            try asLakeError { () throws(ParquetError) in try writer.write(part) }
            counts.written += rows.count
        }
    }

    /// The rows of each day inside the interval, earliest day first.
    private func split(_ eventTimes: Column) -> [(day: Int64, rows: [Int32])] {
        guard case .int64(let values) = eventTimes.storage else {
            preconditionFailure("event times are timestamps")
        }
        var days: [Int64: [Int32]] = [:]
        for row in 0..<values.count {
            let time = EventTime(microseconds: values[row])
            if eventTimes.isNull(row) {
                counts.withoutTime += 1
            } else if interval.contains(time) {
                days[time.daysSinceEpoch, default: []].append(Int32(row))
            } else {
                counts.outside += 1
            }
        }
        return days.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func writer(of day: Int64) throws(LakeError) -> ParquetWriter {
        clock += 1
        if let known = open[day] {
            open[day]?.lastUse = clock
            return known.writer
        }
        if open.count >= Self.openLimit,
            let oldest = open.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            try close(day: oldest.key)
        }
        let folder = "ds=\(CivilDate(daysSinceEpoch: day))"
        try LakeFiles.makeFolder("\(source)/\(folder)")
        // The process is in the name, so that no two writers ever write one file.
        let path = "\(folder)/\(version)-\(getpid())-\(partCount).parquet"
        partCount += 1
        let (source, schema) = (source, schema)
        let writer = try asLakeError { () throws(ParquetError) in
            try ParquetWriter(
                path: "\(source)/\(path)", schema: schema,
                options: ParquetWriterOptions(rowGroupRows: Self.rowGroupRows))
        }
        open[day] = Day(path: path, writer: writer, lastUse: clock)
        return writer
    }

    private func close(day: Int64) throws(LakeError) {
        guard let ended = open.removeValue(forKey: day) else { return }
        // Listed first, so that giving up removes it whatever happens.
        files.append(LakeFile(path: ended.path, rowCount: 0, byteCount: 0, footerDigest: []))
        try asLakeError { () throws(ParquetError) in try ended.writer.close() }
        files[files.count - 1] = try LakeFile(ended.path, in: source)
    }

    /// Ends all files and tells what there is.
    func close() throws(LakeError) -> [LakeFile] {
        for day in open.keys.sorted() { try close(day: day) }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Removes everything that was written.
    func abandon() throws(LakeError) {
        // A writer that is let go removes its own file.
        open.removeAll()
        for file in files { try LakeFiles.remove("\(source)/\(file.path)") }
        files.removeAll()
    }
}

/// Runs `body`, whose error becomes one of the lake.
func asLakeError<Result>(
    _ body: () throws(ParquetError) -> Result
) throws(LakeError) -> Result {
    do {
        return try body()
    } catch {
        throw LakeError(
            [.io, .noRoom].contains(error.code) ? .io : .corrupt, error.message,
            hint: LakeFiles.remedy(for: error.message))
    }
}
