package import Values

/// JSON text (RFC 8259), written from left to right into bytes that are reused.
///
/// Doubles are the shortest text that reads as the same number, always with a point or an
/// exponent. JSON has no NaN and no infinities: they are the strings "NaN", "Infinity" and
/// "-Infinity", as in the JSON of Protocol Buffers, which Feast's server writes.
package struct JSONText {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    /// Starts again with an empty text and the same memory.
    package mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    package mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    package mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    /// A member's name; its value comes next.
    package mutating func name(_ text: String) {
        string(text)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func null() { literal("null") }

    package mutating func bool(_ flag: Bool) { literal(flag ? "true" : "false") }

    /// Text that is JSON already, such as a quoted status.
    package mutating func literal(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    /// A value that was written before.
    package mutating func copy(_ value: [UInt8]) {
        separate()
        bytes += value
    }

    /// Text that is no JSON at all and stands alone.
    package mutating func raw(_ text: String) { bytes += text.utf8 }

    package mutating func integer(_ number: Int64) {
        separate()
        digits(number.magnitude, isNegative: number < 0)
    }

    package mutating func unsigned(_ number: UInt64) {
        separate()
        digits(number, isNegative: false)
    }

    package mutating func double(_ number: Double) {
        if number.isNaN { return literal("\"NaN\"") }
        if number.isInfinite { return literal(number < 0 ? "\"-Infinity\"" : "\"Infinity\"") }
        separate()
        appendShortest(number, to: &bytes)
    }

    package mutating func string(_ text: String) {
        var text = text
        separate()
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { unsafe escape($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// `time` as text.
    package mutating func string(_ time: EventTime) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        time.write(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string of bytes; what is no UTF-8 in them is replaced.
    package mutating func string(utf8 text: UnsafeBufferPointer<UInt8>) {
        guard unsafe text.allSatisfy({ $0 < 128 }) else {
            return unsafe string(String(decoding: text, as: UTF8.self))
        }
        separate()
        bytes.append(UInt8(ascii: "\""))
        unsafe escape(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Microseconds as seconds with as many decimals as are needed.
    package mutating func seconds(microseconds: Int64) {
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
        if needsComma { bytes.append(UInt8(ascii: ",")) }
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
        byte < 32 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 127
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        default:
            bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u"), 48, 48]
            let hex: StaticString = "0123456789abcdef"
            hex.withUTF8Buffer { digits in
                unsafe bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
