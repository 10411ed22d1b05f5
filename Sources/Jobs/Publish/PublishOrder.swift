import Columns
import Planning
import Values

/// The rows of a source in the order in which they became known: 16 bytes for each row.
struct PublishOrder {
    struct Entry {
        let time: Int64
        let chunk: Int32
        let row: Int32
    }

    /// Ascending by time; of rows of one time in the order of the files.
    private(set) var entries: [Entry] = []
    /// How many rows have no time at all.
    private(set) var timeless = 0

    /// Reads the times of `rows` and keeps those from `start`, before `end`.
    init(
        _ rows: ParquetRows, of source: SourcePlan, from start: EventTime?, to end: EventTime?
    ) throws {
        let names = [source.knownAt, source.eventTime].compactMap { $0 }
        let range = (start?.microseconds ?? .min)..<(end?.microseconds ?? .max)
        for chunk in 0..<rows.chunkCount {
            let batch = try source.batch(of: rows, chunk, names)
            let columns = names.compactMap { batch[$0] }
            for row in 0..<batch.rowCount {
                guard let time = columns.lazy.compactMap({ $0.time(at: row) }).first else {
                    timeless += 1
                    continue
                }
                guard range.contains(time) else { continue }
                entries.append(Entry(time: time, chunk: Int32(chunk), row: Int32(row)))
            }
        }
        entries.sort { ($0.time, $0.chunk, $0.row) < ($1.time, $1.chunk, $1.row) }
    }

    /// The rows of some entries and, for each entry, where its row is in them; each chunk is read
    /// once.
    func read(
        _ range: Range<Int>, of source: SourcePlan, in rows: ParquetRows, columns names: [String]
    ) throws -> (parts: [ColumnBatch], places: [RowAddress]) {
        var wanted: [Int32: [Int32]] = [:]
        for entry in entries[range] { wanted[entry.chunk, default: []].append(entry.row) }
        var parts: [ColumnBatch] = []
        var numbers: [Int32: Int32] = [:]
        for (chunk, selected) in wanted.sorted(by: { $0.key < $1.key }) {
            let batch = try source.batch(of: rows, Int(chunk), names)
            numbers[chunk] = Int32(parts.count)
            parts.append(batch.gathering(FixedValues(selected)))
        }
        var next = Array(repeating: 0 as Int32, count: parts.count)
        let places = entries[range].map { entry in
            let part = Int(numbers[entry.chunk] ?? 0)
            next[part] += 1
            return RowAddress(part: Int32(part), row: next[part] - 1)
        }
        return (parts, places)
    }
}

extension Column {
    /// The microseconds of a timestamp; nil for a null.
    fileprivate func time(at row: Int) -> Int64? {
        guard !isNull(row), case .int64(let values) = storage else { return nil }
        return values[row]
    }
}
