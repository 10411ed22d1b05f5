import Columns
import JSONParsing
import Values

extension ColumnAppender {
    /// Appends what JSON tells at `position`; the commonest types without a scalar in between, the
    /// others by the rule that they share: `Scalar(_:type:zone:)`.
    ///
    /// - Returns: false when it is no value of the column's type; then nothing is appended.
    mutating func append(_ tape: JSONTape, at position: Int, zone: ZoneTable?) -> Bool {
        switch (kind, tape.kind(at: position)) {
        case (_, .null): appendNull()
        case (.bool, .bool(let flag)): append(integer: flag ? 1 : 0)
        case (.int64, .integer(let number)): append(integer: number)
        case (.double, .double(let number)): append(double: number + 0)
        case (.double, .integer(let number)): append(double: Double(number))
        case (.string, .string): unsafe tape.withString(at: position) { unsafe append(text: $0) }
        case (.timestamp, .string):
            let time = unsafe tape.withString(at: position) { text in
                unsafe try? EventTime(parsing: text, zone: zone)
            }
            guard let time else { return false }
            append(integer: time.microseconds)
        default:
            guard let cell = tape.cell(at: position),
                let value = Scalar(cell, type: type, zone: zone)
            else { return false }
            append(value)
        }
        return true
    }
}
