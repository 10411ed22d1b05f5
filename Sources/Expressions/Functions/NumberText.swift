/// The numbers that a cast reads from texts: without blanks, `inf`, `nan` or hexadecimal digits.
enum NumberText {
    /// `[+-]?digits` within the range of `Int64`.
    static func integer(_ bytes: Text) -> Int64? {
        var position = startOfDigits(bytes)
        guard position < bytes.count else { return nil }
        let isNegative = bytes[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        while position < bytes.count {
            let digit = bytes[position] &- 48
            guard digit < 10 else { return nil }
            let (scaled, tooGreat) = value.multipliedReportingOverflow(by: 10)
            let signed = isNegative ? -Int64(digit) : Int64(digit)
            let (sum, beyond) = scaled.addingReportingOverflow(signed)
            if tooGreat || beyond { return nil }
            value = sum
            position += 1
        }
        return value
    }

    /// Digits with an optional sign, point and exponent; the nearest double, infinite beyond all.
    static func double(_ bytes: Text) -> Double? {
        isDecimal(bytes) ? Double(bytes.string) : nil
    }

    /// As `double`, but rounded only once.
    static func float(_ bytes: Text) -> Float? {
        isDecimal(bytes) ? Float(bytes.string) : nil
    }

    private static func startOfDigits(_ bytes: Text) -> Int {
        guard bytes.count > 0 else { return 0 }
        return bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-") ? 1 : 0
    }

    private static func isDecimal(_ bytes: Text) -> Bool {
        var position = startOfDigits(bytes)
        func skipDigits() -> Int {
            let start = position
            while position < bytes.count, case 48...57 = bytes[position] { position += 1 }
            return position - start
        }
        var digits = skipDigits()
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            digits += skipDigits()
        }
        guard digits > 0 else { return false }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, [43, 45].contains(bytes[position]) { position += 1 }
            guard skipDigits() > 0 else { return false }
        }
        return position == bytes.count
    }
}
