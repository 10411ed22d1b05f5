import Columns
import JSONParsing
import Values

extension JSONText {
    /// The values of `column` as an array, in Feast's spelling: floats widened to doubles,
    /// timestamps as seconds since 1970, bytes as base64, dates and decimals as text.
    mutating func write(_ column: Column) {
        open("[")
        write(column, rows: 0..<column.count)
        close("]")
    }

    /// The storage is looked at once, not once per value.
    private mutating func write(_ column: Column, rows: Range<Int>) {
        switch column.storage {
        case .none: for _ in rows { null() }
        case .bits(let bits): each(rows, of: column) { $0.bool(bits[$1]) }
        case .int32(let values) where column.type == .date:
            each(rows, of: column) { text, row in
                text.string(CivilDate(daysSinceEpoch: Int64(values[row])).description)
            }
        case .int32(let values): each(rows, of: column) { $0.integer(Int64(values[$1])) }
        case .int64(let values) where column.type == .timestamp:
            each(rows, of: column) { $0.seconds(microseconds: values[$1]) }
        case .int64(let values): each(rows, of: column) { $0.integer(values[$1]) }
        case .float(let values): each(rows, of: column) { $0.double(Double(values[$1])) }
        case .double(let values): each(rows, of: column) { $0.double(values[$1]) }
        case .int128: each(rows, of: column) { $0.string(column.scalar(at: $1).decimalText) }
        case .bytes(let values) where column.type == .bytes:
            each(rows, of: column) { text, row in
                let digits = base64(values.array(at: row))
                unsafe digits.withUnsafeBufferPointer { unsafe text.string(utf8: $0) }
            }
        case .bytes(let values):
            each(rows, of: column) { text, row in
                unsafe values.withBytes(at: row) { unsafe text.string(utf8: $0) }
            }
        case .list(let offsets, let elements):
            each(rows, of: column) { text, row in
                text.open("[")
                text.write(elements, rows: Int(offsets[row])..<Int(offsets[row + 1]))
                text.close("]")
            }
        }
    }

    @inline(__always)
    private mutating func each(
        _ rows: Range<Int>, of column: Column, _ write: (inout JSONText, Int) -> Void
    ) {
        for row in rows {
            if column.isNull(row) { null() } else { write(&self, row) }
        }
    }
}

extension Scalar {
    /// All digits of a decimal, which a JSON number would lose on the way through a double.
    fileprivate var decimalText: String {
        if case .decimal(let number) = self { number.description } else { "" }
    }
}
