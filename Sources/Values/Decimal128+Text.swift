extension Decimal128 {
    /// Reads `[+-]?digits[.digits]`, where one side of the point may be empty; nil for anything
    /// else, and for a number that `decimal(precision, scale)` does not hold exactly. Zeros at the
    /// end may exceed the scale.
    ///
    /// - Parameters:
    ///   - text: ASCII, without blanks.
    ///   - precision: how many digits the type has.
    ///   - scale: how many of them stand behind the point.
    public init?(
        parsing text: UnsafeBufferPointer<UInt8>, precision: Int, scale: Int
    ) {
        var digits: Int128 = 0
        var digitCount = 0
        var places: Int?
        var position = 0
        var isNegative = false
        if let sign = unsafe text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            position = 1
        }
        while position < text.count {
            let byte = unsafe text[position]
            position += 1
            if byte == UInt8(ascii: "."), places == nil {
                places = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            digitCount += 1
            let digit = Int128(byte - UInt8(ascii: "0"))
            if let known = places {
                if known == scale {
                    guard digit == 0 else { return nil }
                    continue
                }
                places = known + 1
            }
            digits = digits * 10 + digit
            guard Self.fits(digits, precision: precision) else { return nil }
        }
        guard digitCount > 0 else { return nil }
        let (raised, overflow) = digits.multipliedReportingOverflow(
            by: Self.powerOfTen(scale - (places ?? 0)))
        guard !overflow, Self.fits(raised, precision: precision) else { return nil }
        self.init(unscaled: isNegative ? -raised : raised, scale: scale)
    }

    /// Reads text as the other initialiser does.
    public init?(parsing text: some StringProtocol, precision: Int, scale: Int) {
        let bytes = Array(text.utf8)
        let number = unsafe bytes.withUnsafeBufferPointer {
            unsafe Decimal128(parsing: $0, precision: precision, scale: scale)
        }
        guard let number else { return nil }
        self = number
    }
}
