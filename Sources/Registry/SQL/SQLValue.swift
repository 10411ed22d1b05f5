/// A value that a statement takes or gives.
enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    static func count(_ number: Int) -> SQLValue { .integer(Int64(number)) }

    static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }

    static func optional(_ number: Int64?) -> SQLValue {
        number.map(SQLValue.integer) ?? .null
    }

    static func flag(_ isSet: Bool) -> SQLValue { .integer(isSet ? 1 : 0) }
}
