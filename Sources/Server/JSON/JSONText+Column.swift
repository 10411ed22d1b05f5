import Columns
import Values

extension JSONText {
    /// The values of `column` as an array, in Feast's spelling: floats widened to doubles,
    /// timestamps as seconds since 1970, bytes as base64, dates and decimals as text.
    mutating func write(_ column: Column) {
        open("[")
        for row in 0..<column.count { write(column, row) }
        close("]")
    }

    private mutating func write(_ column: Column, _ row: Int) {
        if column.isNull(row) { return null() }
        switch column.storage {
        case .none: null()
        case .bits(let bits): bool(bits[row])
        case .int32(let values):
            if column.type == .date {
                string(CivilDate(daysSinceEpoch: Int64(values[row])).description)
            } else {
                integer(Int64(values[row]))
            }
        case .int64(let values):
            if column.type == .timestamp {
                seconds(microseconds: values[row])
            } else {
                integer(values[row])
            }
        case .float(let values): double(Double(values[row]))
        case .double(let values): double(values[row])
        case .int128: string(column.scalar(at: row).decimalText)
        case .bytes(let values):
            if column.type == .bytes {
                string(base64(values.array(at: row)))
            } else {
                unsafe values.withBytes(at: row) { unsafe string(utf8: $0) }
            }
        case .list(let offsets, let elements):
            open("[")
            for element in Int(offsets[row])..<Int(offsets[row + 1]) { write(elements, element) }
            close("]")
        }
    }
}

extension Scalar {
    /// All digits of a decimal, which a JSON number would lose on the way through a double.
    fileprivate var decimalText: String {
        if case .decimal(let number) = self { number.description } else { "" }
    }
}

/// RFC 4648 section 4, padded.
private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for index in 0..<4 {
            let isPadding = index > group.count
            text.append(
                isPadding ? UInt8(ascii: "=") : alphabet[(word >> (18 - 6 * index)) & 63])
        }
    }
    return String(decoding: text, as: UTF8.self)
}
