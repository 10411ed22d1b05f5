extension [UInt8] {
    /// Appends the decimal digits of `number`, with zeros before them up to `width`.
    public mutating func append(decimal number: UInt64, width: Int = 1) {
        var digits = 1
        var power: UInt64 = 10
        while digits < 20, number >= power {
            digits += 1
            power = power &* 10
        }
        digits = Swift.max(digits, width)
        append(contentsOf: repeatElement(48, count: digits))
        var rest = number
        var place = count - 1
        while rest > 0 {
            self[place] = UInt8(48 + rest % 10)
            rest /= 10
            place -= 1
        }
    }
}
