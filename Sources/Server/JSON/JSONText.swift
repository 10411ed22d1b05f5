import JSONParsing
import Values

/// JSON text (RFC 8259), written from left to right into bytes that are reused.
///
/// Doubles are the shortest text that reads as the same number, always with a point or an
/// exponent. JSON has no NaN and no infinities: they are the strings "NaN", "Infinity" and
/// "-Infinity", as in the JSON of Protocol Buffers, which Feast's server writes.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Starts again with an empty text and the same memory.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    /// A member's name; its value comes next.
    mutating func name(_ text: String) {
        string(text)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    mutating func null() { literal("null") }

    mutating func bool(_ flag: Bool) { literal(flag ? "true" : "false") }

    /// Text that is JSON already, such as a quoted status.
    mutating func literal(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    /// A value that was written before.
    mutating func copy(_ value: [UInt8]) {
        separate()
        bytes += value
    }

    /// Text that is no JSON at all and stands alone.
    mutating func raw(_ text: String) { bytes += text.utf8 }

    mutating func integer(_ number: Int64) {
        separate()
        digits(number.magnitude, isNegative: number < 0)
    }

    mutating func unsigned(_ number: UInt64) {
        separate()
        digits(number, isNegative: false)
    }

    mutating func double(_ number: Double) {
        if number.isNaN { return literal("\"NaN\"") }
        if number.isInfinite { return literal(number < 0 ? "\"-Infinity\"" : "\"Infinity\"") }
        separate()
        appendShortest(number, to: &bytes)
    }

    mutating func string(_ text: String) {
        var text = text
        separate()
        bytes.append(ASCII.quote)
        text.withUTF8 { unsafe escape($0) }
        bytes.append(ASCII.quote)
    }

    /// `time` as text.
    mutating func string(_ time: EventTime) {
        separate()
        bytes.append(ASCII.quote)
        time.write(to: &bytes)
        bytes.append(ASCII.quote)
    }

    /// A string of bytes; what is no UTF-8 in them is replaced.
    mutating func string(utf8 text: UnsafeBufferPointer<UInt8>) {
        guard unsafe text.allSatisfy({ $0 < 128 }) else {
            return unsafe string(String(decoding: text, as: UTF8.self))
        }
        separate()
        bytes.append(ASCII.quote)
        unsafe escape(text)
        bytes.append(ASCII.quote)
    }

    /// Microseconds as seconds with as many decimals as are needed.
    mutating func seconds(microseconds: Int64) {
        separate()
        let magnitude = microseconds.magnitude
        digits(magnitude / 1_000_000, isNegative: microseconds < 0)
        var fraction = magnitude % 1_000_000
        guard fraction != 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var scale: UInt64 = 100_000
        while fraction != 0 {
            bytes.append(UInt8(48 + fraction / scale))
            fraction %= scale
            scale = max(1, scale / 10)
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(ASCII.comma) }
        needsComma = true
    }

    private mutating func digits(_ number: UInt64, isNegative: Bool) {
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        bytes.append(decimal: number)
    }

    /// Appends text between its special bytes as a whole.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var plain = 0
        for index in text.indices where unsafe isSpecial(text[index]) {
            unsafe bytes.append(contentsOf: text[plain..<index])
            unsafe escape(text[index])
            plain = index + 1
        }
        unsafe bytes.append(contentsOf: text[plain...])
    }

    private func isSpecial(_ byte: UInt8) -> Bool {
        byte < 32 || byte == ASCII.quote || byte == ASCII.backslash || byte == 127
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case ASCII.quote, ASCII.backslash: bytes += [ASCII.backslash, byte]
        case ASCII.lineFeed: bytes += [ASCII.backslash, UInt8(ascii: "n")]
        case ASCII.carriageReturn: bytes += [ASCII.backslash, UInt8(ascii: "r")]
        case ASCII.tab: bytes += [ASCII.backslash, UInt8(ascii: "t")]
        default:
            bytes += [ASCII.backslash, UInt8(ascii: "u"), 48, 48]
            let hex: StaticString = "0123456789abcdef"
            hex.withUTF8Buffer { digits in
                unsafe bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
