/// A value that a statement takes or gives.
enum SQLiteValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    static func count(_ number: Int) -> SQLiteValue { .integer(Int64(number)) }

    static func optional(_ text: String?) -> SQLiteValue { text.map(SQLiteValue.text) ?? .null }

    static func optional(_ number: Int64?) -> SQLiteValue {
        number.map(SQLiteValue.integer) ?? .null
    }

    static func flag(_ isSet: Bool) -> SQLiteValue { .integer(isSet ? 1 : 0) }
}
