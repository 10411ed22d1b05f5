import Values

// A `numeric` in PostgreSQL's binary format: four 16-bit words (how many digits, the weight of the
// first one, the sign, how many decimal places are shown) and the digits, to the base 10,000, the
// greatest first. The value is the sum of digit i times 10,000 to the power of (weight - i).
// Source: src/backend/utils/adt/numeric.c, numeric_send.

enum BinaryNumeric {
    private static let base: UInt128 = 10_000
    private static let negative: UInt16 = 0x4000

    /// The words of `unscaled` times ten to the power of minus `scale`.
    static func words(_ unscaled: Int128, scale: Int) -> [UInt16] {
        // Digits to the base 10,000 must begin at the point.
        let padding = (4 - scale % 4) % 4
        var (high, low) = unscaled.magnitude.multipliedFullWidth(
            by: UInt128(Decimal128.powerOfTen(padding)))
        var digits: [UInt16] = []
        while high != 0 || low != 0 {
            let rest: UInt128
            let quotientHigh = high / base
            (low, rest) = base.dividingFullWidth((high % base, low))
            high = quotientHigh
            digits.append(UInt16(rest))
        }
        let weight = digits.count - 1 - (scale + padding) / 4
        digits.removeFirst(digits.firstIndex { $0 != 0 } ?? digits.count)
        let sign = unscaled < 0 ? negative : 0
        return [
            UInt16(digits.count), UInt16(bitPattern: Int16(digits.isEmpty ? 0 : weight)), sign,
            UInt16(scale),
        ] + digits.reversed()
    }

    /// The number that `words` are, times ten to the power of `scale`.
    ///
    /// - Returns: nil for NaN, infinities, more digits behind the point than `scale`, and what
    ///   does not fit.
    static func unscaled(_ words: [UInt16], scale: Int) -> Int128? {
        guard words.count >= 4, words.count == 4 + Int(words[0]),
            words[2] == 0 || words[2] == negative
        else { return nil }
        let weight = Int(Int16(bitPattern: words[1]))
        var value: Int128 = 0
        for (index, digit) in words[4...].enumerated() {
            guard digit < 10_000,
                let scaled = shifted(Int128(digit), by: 4 * (weight - index) + scale)
            else { return nil }
            let (sum, overflow) = value.addingReportingOverflow(scaled)
            if overflow { return nil }
            value = sum
        }
        return words[2] == negative ? -value : value
    }

    /// `digit` times ten to the power of `exponent`, if that is a whole number that fits.
    private static func shifted(_ digit: Int128, by exponent: Int) -> Int128? {
        if digit == 0 { return 0 }
        guard (-4...Decimal128.greatestPrecision).contains(exponent) else { return nil }
        let power = Decimal128.powerOfTen(abs(exponent))
        if exponent < 0 { return digit % power == 0 ? digit / power : nil }
        let (product, overflow) = digit.multipliedReportingOverflow(by: power)
        return overflow ? nil : product
    }
}
