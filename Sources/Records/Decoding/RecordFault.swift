import JSONParsing
import Values

/// Why a record is no row of its source.
struct RecordFault: Error, Hashable {
    /// Names the column and the value, and what was expected.
    let reason: String

    static let deletion = RecordFault(
        reason: "the record has no value: that deletes a row in a compacted topic, but a stream "
            + "cannot delete rows")

    static let withoutTimestamp = RecordFault(
        reason: "the record has no timestamp to say when the row became known: declare known_at, "
            + "or let the topic keep timestamps")

    static func noJSON(_ message: String) -> RecordFault {
        RecordFault(reason: "the value is no JSON that can be read: \(message)")
    }

    static func noObject(_ tape: JSONTape) -> RecordFault {
        RecordFault(
            reason: "the value is \(tape.words(at: tape.root)); an object is expected, with the "
                + "columns as its members")
    }

    static func twice(_ name: String) -> RecordFault {
        RecordFault(
            reason: "column '\(name)': the member stands twice in the value, and two readers could "
                + "take different ones")
    }

    static func noText(_ name: String, for column: Field) -> RecordFault {
        RecordFault(
            reason: "column '\(column.name)': \(name) is no UTF-8 text, so it is no "
                + "\(column.type); declare it as bytes")
    }

    static func wrong(_ tape: JSONTape, at position: Int, for column: Field, _ zone: ZoneTable?)
        -> RecordFault
    {
        wrong(tape.words(at: position), tape.cell(at: position), for: column, zone)
    }

    static func wrong(
        _ words: String, _ cell: JSONCell?, for column: Field, _ zone: ZoneTable?
    ) -> RecordFault {
        let hint: String =
            switch (cell, column.type) {
            case (.string(let text), .timestamp) where isWithoutZone(text) && zone == nil:
                "a zone is missing: write Z or an offset behind it, or declare the source's zone"
            case (.integer, .timestamp):
                "whole numbers are seconds since 1970 up to the year 9999; is it milliseconds? "
                    + "Write RFC 3339 text"
            default: "\(column.type.expected) is expected"
            }
        return RecordFault(
            reason: "column '\(column.name)': \(words) is no \(column.type); \(hint)")
    }
}

private func isWithoutZone(_ text: String) -> Bool {
    (try? EventTime(parsing: text)) == nil
        && (try? EventTime(parsing: text, zoneless: .zero)) != nil
}

extension JSONTape {
    /// What stands at `position`, for a message.
    func words(at position: Int) -> String {
        if let cell = cell(at: position) { return cell.words }
        if case .array = kind(at: position) { return "a list of lists or objects" }
        return "an object"
    }
}

extension DataType {
    /// What JSON must tell for a value of the type.
    var expected: String {
        switch self {
        case .bool: "true or false"
        case .int32: "a whole number from \(Int32.min) to \(Int32.max), without a point,"
        case .int64: "a whole number from \(Int64.min) to \(Int64.max), without a point,"
        case .float: "a number up to 3.4e38"
        case .double: "a number"
        case .string: "a text"
        case .bytes: "a text of padded base64"
        case .timestamp:
            "RFC 3339 text such as '2013-01-31T10:00:00Z', or a whole number of seconds since "
                + "1970,"
        case .date: "a text such as '2013-01-31'"
        case .decimal(let precision, let scale):
            "a text or number with up to \(precision - scale) digits before the point and "
                + "\(scale) behind it (a number with a point up to 15 in all)"
        case .list(let element): "a list of which each item is null or \(element.expected)"
        case .vector(let length): "a list of \(length) numbers, none of them null,"
        case .null, .duration: "null"
        }
    }
}
