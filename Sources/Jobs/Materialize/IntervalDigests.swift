import Columns
import Stores
import Values
import Workers

/// The digests of the rows of several intervals, found in one pass.
struct IntervalDigests: Sendable {
    /// In order of time; they do not overlap.
    private let intervals: [EventInterval]
    private var values: [RowDigest]

    init(_ intervals: [EventInterval]) {
        self.intervals = intervals.sorted { $0.from < $1.from }
        values = [RowDigest](repeating: RowDigest(), count: intervals.count)
    }

    /// Each interval with its digest.
    var digests: [(EventInterval, RowDigest)] { Array(zip(intervals, values)) }

    /// The same with the rows of all chunks, which `read` gives with their event times.
    func adding(
        chunks: Int, workers: Int,
        _ read: @Sendable (Int) throws -> (rows: ColumnBatch, eventTimes: Column)
    ) throws -> IntervalDigests {
        let parts = try concurrentMap(count: chunks, workers: workers) { chunk in
            let (rows, eventTimes) = try read(chunk)
            var part = IntervalDigests(intervals)
            part.add(rows, eventTimes)
            return part
        }
        return parts.reduce(into: self) { $0.merge($1) }
    }

    private mutating func add(_ rows: ColumnBatch, _ eventTimes: Column) {
        guard case .int64(let times) = eventTimes.storage else { return }
        let hashes = RowHashes(rows)
        var last = 0
        for row in 0..<rows.rowCount where !eventTimes.isNull(row) {
            let time = EventTime(microseconds: times[row])
            // Rows beside each other are mostly of one interval.
            if last >= intervals.count || !intervals[last].contains(time) { last = index(of: time) }
            if last < intervals.count, intervals[last].contains(time) {
                values[last].add(hashes, row)
            }
        }
    }

    /// The last interval that begins at `time` or before it, or the first one.
    private func index(of time: EventTime) -> Int {
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            if intervals[middle].from <= time { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    private mutating func merge(_ other: IntervalDigests) {
        for index in values.indices { values[index].merge(other.values[index]) }
    }
}
