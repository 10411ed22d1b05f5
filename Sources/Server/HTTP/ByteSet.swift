/// A set of ASCII bytes, tested with one shift.
struct ByteSet: Sendable {
    private let low: UInt64
    private let high: UInt64

    init(_ characters: String) {
        var bits: (low: UInt64, high: UInt64) = (0, 0)
        for byte in characters.utf8 where byte < 128 {
            let bit: UInt64 = 1 << UInt64(byte & 63)
            if byte < 64 { bits.low |= bit } else { bits.high |= bit }
        }
        (low, high) = bits
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        if byte >= 128 { return false }
        return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte &- 64)) & 1 == 1
    }

    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    private static let digits = "0123456789"
    private static let unreserved = letters + digits + "-._~"
    private static let subDelimiters = "!$&'()*+,;="

    /// `tchar` of RFC 9110 section 5.6.2.
    static let token = ByteSet(letters + digits + "!#$%&'*+-.^_`|~")
    /// `pchar` of RFC 3986 without `%`, and `/`.
    static let path = ByteSet(unreserved + subDelimiters + ":@/")
    /// What may stand in a query besides percent-encoded bytes.
    static let query = ByteSet(unreserved + subDelimiters + ":@/?")
    /// `reg-name` of RFC 3986 without `%`.
    static let registeredName = ByteSet(unreserved + subDelimiters)
    /// What may stand between the brackets of an IP literal.
    static let addressLiteral = ByteSet(unreserved + subDelimiters + ":")
}

/// ASCII bytes with a meaning in HTTP.
enum ASCII {
    static let tab: UInt8 = 9
    static let lineFeed: UInt8 = 10
    static let carriageReturn: UInt8 = 13
    static let space: UInt8 = 32
    static let quote: UInt8 = 34
    static let percent: UInt8 = 37
    static let comma: UInt8 = 44
    static let slash: UInt8 = 47
    static let colon: UInt8 = 58
    static let semicolon: UInt8 = 59
    static let equals: UInt8 = 61
    static let questionMark: UInt8 = 63
    static let backslash: UInt8 = 92

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// The value of a hexadecimal digit, or nil.
    static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte) - 48
        case 65...70: Int(byte) - 55
        case 97...102: Int(byte) - 87
        default: nil
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }
}

extension ArraySlice<UInt8> {
    /// Whether the bytes are `text`, which is in lower case, whatever the case of their letters.
    func equals(ignoringCase text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            unsafe zip(self, expected).allSatisfy { ASCII.lowercased($0) == $1 }
        }
    }

    /// The bytes without blanks and tabs at both ends.
    var trimmed: ArraySlice<UInt8> {
        var rest = self
        while let first = rest.first, first == ASCII.space || first == ASCII.tab {
            rest.removeFirst()
        }
        while let last = rest.last, last == ASCII.space || last == ASCII.tab { rest.removeLast() }
        return rest
    }

    /// The bytes as text for a message: printable ASCII, at most 40 characters.
    var shown: String {
        let text = prefix(40).map { (33...126).contains($0) || $0 == 32 ? $0 : UInt8(63) }
        return String(decoding: text, as: UTF8.self) + (count > 40 ? "..." : "")
    }
}
