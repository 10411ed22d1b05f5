import Columns
import Planning
import PointInTime
import Stores
import Values
import Workers

/// When the rows of each chunk of a source happened, or another time of them.
///
/// Files tell it themselves where the time is a stored column; otherwise the columns that it needs
/// are read.
struct ChunkSpans {
    /// The least and greatest time of each chunk; nil for one that has none.
    private let spans: [ClosedRange<Int64>?]
    private let fileOfChunk: [Int]

    /// - Parameters:
    ///   - rows: the rows.
    ///   - source: whose rows they are.
    ///   - column: the time, a column of the source; nil = its event time.
    ///   - workers: how many threads may read.
    /// - Throws: what reading the rows throws.
    init(
        _ rows: ParquetRows, of source: SourcePlan, _ column: String? = nil, workers: Int
    ) throws {
        let time = column ?? source.eventTime
        spans = try concurrentMap(count: rows.chunkCount, workers: workers) { chunk in
            if let stored = rows.storedSpan(of: time, chunk: chunk) { return stored }
            return try source.batch(of: rows, chunk, [time]).span(of: time)
        }
        fileOfChunk = (0..<rows.chunkCount).map(rows.file(ofChunk:))
    }

    /// The chunks that may have rows of `interval`, in their order.
    func chunks(in interval: EventInterval) -> [Int] {
        spans.indices.filter { chunk in
            guard let span = spans[chunk] else { return false }
            return span.lowerBound < interval.to.microseconds
                && span.upperBound >= interval.from.microseconds
        }
    }

    /// Whether a chunk may have rows after `time`.
    func reach(beyond time: EventTime, chunk: Int) -> Bool {
        spans[chunk].map { $0.upperBound > time.microseconds } ?? false
    }

    /// The files that may have rows of `interval`, in their order.
    func files(in interval: EventInterval) -> [Int] {
        var files: [Int] = []
        for file in chunks(in: interval).map({ fileOfChunk[$0] }) where files.last != file {
            files.append(file)
        }
        return files
    }
}

extension ColumnBatch {
    fileprivate func span(of name: String) -> ClosedRange<Int64>? {
        guard let column = self[name], case .int64(let values) = column.storage else { return nil }
        var least = Int64.max
        var greatest = Int64.min
        for row in 0..<rowCount where !column.isNull(row) {
            least = min(least, values[row])
            greatest = max(greatest, values[row])
        }
        return least <= greatest ? least...greatest : nil
    }
}
