/// The numbers that a cast reads from texts: without blanks, `inf`, `nan` or hexadecimal digits.
enum NumberText {
    /// `[+-]?digits` within the range of `Int64`.
    static func integer(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var position = unsafe startOfDigits(bytes)
        guard position < bytes.count else { return nil }
        let isNegative = unsafe bytes[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        while position < bytes.count {
            let digit = unsafe bytes[position] &- 48
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
    static func double(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        unsafe isDecimal(bytes) ? Double(String(decoding: bytes, as: UTF8.self)) : nil
    }

    /// As `double`, but rounded only once.
    static func float(_ bytes: UnsafeBufferPointer<UInt8>) -> Float? {
        unsafe isDecimal(bytes) ? Float(String(decoding: bytes, as: UTF8.self)) : nil
    }

    private static func startOfDigits(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let first = unsafe bytes.first else { return 0 }
        return first == UInt8(ascii: "+") || first == UInt8(ascii: "-") ? 1 : 0
    }

    private static func isDecimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = unsafe startOfDigits(bytes)
        func skipDigits() -> Int {
            let start = position
            while position < bytes.count, case 48...57 = unsafe bytes[position] { position += 1 }
            return position - start
        }
        var digits = skipDigits()
        if position < bytes.count, unsafe bytes[position] == UInt8(ascii: ".") {
            position += 1
            digits += skipDigits()
        }
        guard digits > 0 else { return false }
        if position < bytes.count, unsafe bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, [43, 45].contains(unsafe bytes[position]) { position += 1 }
            guard skipDigits() > 0 else { return false }
        }
        return position == bytes.count
    }
}
