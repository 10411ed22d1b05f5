import JSONParsing
import Values

extension JSONText {
    /// Writes a value so that the decoder reads the same one in a column of its type.
    mutating func write(_ value: Scalar) throws(RecordError) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let number): integer(number)
        case .double(let number):
            guard number.isFinite else {
                throw RecordError(
                    .unwritable, "JSON has no \(number)",
                    hint: "a null is what readers would do with it: mend the rows")
            }
            double(number)
        case .list(let items):
            open("[")
            for item in items { try write(item) }
            close("]")
        case .string, .bytes, .timestamp, .date, .duration, .decimal:
            string(try value.recordText())
        }
    }
}

extension Scalar {
    /// The value as the text of a key, a header or a JSON string; bytes as base64.
    func recordText() throws(RecordError) -> String {
        switch self {
        case .string(let text): return text
        case .bytes(let bytes): return String(decoding: base64(bytes), as: UTF8.self)
        case .timestamp(let time):
            guard (0...9999).contains(CivilDate(daysSinceEpoch: time.daysSinceEpoch).year) else {
                throw RecordError(.unwritable, "no text names \(time): years have four digits")
            }
            return time.description
        case .date(let days):
            let date = CivilDate(daysSinceEpoch: Int64(days))
            guard (0...9999).contains(date.year) else {
                throw RecordError(
                    .unwritable, "no text names day \(days) since 1970: years have four digits")
            }
            return date.description
        case .decimal(let number): return number.description
        case .bool, .integer, .double, .null, .duration, .list:
            var text = JSONText()
            try text.write(self)
            return String(decoding: text.bytes, as: UTF8.self)
        }
    }
}
