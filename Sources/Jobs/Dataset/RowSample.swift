import Columns
import Values

/// A few rows of a data set as text, evenly spread from the first to the last, for people to look
/// at.
public struct RowSample: Hashable, Sendable {
    /// The names of the columns.
    public let columns: [String]
    /// The cells of each row, one per column.
    public private(set) var rows: [[String]] = []
    private let wanted: Set<Int>
    private var seen = 0

    /// Prepares for `rowCount` rows, of which at most `limit` are kept.
    init(columns: [String], limit: Int, of rowCount: Int) {
        self.columns = columns
        let count = min(limit, rowCount)
        wanted = Set(
            (0..<count).map { count == 1 ? 0 : $0 * (rowCount - 1) / (count - 1) })
    }

    mutating func take(from batch: ColumnBatch) {
        for row in 0..<batch.rowCount where wanted.contains(seen + row) {
            rows.append(batch.columns.map { $0.scalar(at: row).text })
        }
        seen += batch.rowCount
    }
}

extension Scalar {
    /// The value as a person would write it.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .double(let value): value.description
        case .string(let value): value
        case .bytes(let value): "0x" + hexadecimal(value)
        case .timestamp(let time): time.description
        case .date(let days): CivilDate(daysSinceEpoch: Int64(days)).description
        case .duration(let duration): duration.description
        case .decimal(let number): number.description
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        }
    }
}
