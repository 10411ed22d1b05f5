extension ExactSum {
    /// The sum, rounded once to the nearest double, ties to even; never -0.
    ///
    /// NaN when a term is NaN or infinities of both signs are among the terms, an infinity when
    /// those of one sign are, or when the exact sum exceeds the greatest double.
    public func rounded() -> Double {
        guard special.isZero else { return special.sum }
        let (isNegative, leading) = leadingBits
        return leading?.rounded(isNegative: isNegative) ?? 0
    }

    /// The exact sum divided by `count`, rounded once like `rounded()`; `count` must be positive.
    public func rounded(dividedBy count: Int64) -> Double {
        precondition(count > 0, "a mean needs a positive count")
        guard special.isZero else { return special.sum }
        let (isNegative, leading) = leadingBits
        return leading?.rounded(dividedBy: UInt128(count), isNegative: isNegative) ?? 0
    }

    /// The sample variance of `count` terms with these sums: the exact
    /// `(count * squares - sum^2) / (count * (count - 1))`, rounded once; NaN when a term is not
    /// finite.
    ///
    /// `count` must be at least 2. Sums that no terms have (a difference of unrelated states) give
    /// zero where the quotient would be negative.
    static func variance(count: Int64, sum: ExactSum, squares: ExactSum) -> Double {
        precondition(count > 1, "a sample variance needs two terms")
        guard sum.special.isZero, squares.special.isZero else { return canonicalNaN }
        let divisor = UInt128(count) * UInt128(count - 1)
        if let spread = narrowSpread(count: UInt64(count), sum: sum, squares: squares) {
            return spread.magnitude.isZero
                ? 0
                : LeadingBits(spread.magnitude, exponent: spread.exponent)
                    .rounded(dividedBy: divisor, isNegative: false)
        }
        let total = squares.magnitude.magnitude.multiplied(by: UInt64(count))
        let spread = total.subtracting(sum.magnitude.magnitude.squared())
        return spread?.leadingBits?.rounded(dividedBy: divisor, isNegative: false) ?? 0
    }

    /// Whether `count * squares >= sum^2`, as for all sums that terms have; finite parts only.
    static func isPossible(count: Int64, sum: ExactSum, squares: ExactSum) -> Bool {
        if narrowSpread(count: UInt64(count), sum: sum, squares: squares) != nil { return true }
        let (isNegative, magnitude) = squares.magnitude
        let total = magnitude.multiplied(by: UInt64(count))
        return !isNegative && total.subtracting(sum.magnitude.magnitude.squared()) != nil
    }

    /// `count * squares - sum^2` if that and its terms fit 256 bits, which ordinary values do.
    private static func narrowSpread(
        count: UInt64, sum: ExactSum, squares: ExactSum
    ) -> (magnitude: UInt256, exponent: Int)? {
        guard sum.words.isEmpty, squares.words.isEmpty, !squares.window.isNegative else {
            return nil
        }
        let (root, rootExponent) = sum.window.magnitude.odd(exponent: sum.exponent)
        let (factor, exponent) = squares.window.magnitude.odd(exponent: squares.exponent)
        guard root.high == 0, let total = factor.multiplied(by: count) else { return nil }
        let square = root.low.multipliedFullWidth(by: root.low)
        let lowest = min(2 * rootExponent, exponent)
        guard let left = total.scaled(by: exponent - lowest),
            let right = UInt256(high: square.high, low: square.low)
                .scaled(by: 2 * rootExponent - lowest)
        else { return nil }
        return left.subtracting(right).map { ($0, lowest) }
    }

    /// The sign and the highest bits of the sum; nil bits for zero.
    private var leadingBits: (isNegative: Bool, bits: LeadingBits?) {
        if words.isEmpty {
            if window.isZero { return (false, nil) }
            return (window.isNegative, LeadingBits(window.magnitude, exponent: exponent))
        }
        let (isNegative, magnitude) = magnitude
        return (isNegative, magnitude.leadingBits)
    }

    /// The finite part's sign and absolute value; on the grid of words, so that the exponent is a
    /// multiple of 64.
    var magnitude: (isNegative: Bool, magnitude: WideMagnitude) {
        if words.isEmpty {
            let position = exponent - Self.lowestExponent
            let absolute = Int256(magnitude: window.magnitude, isNegative: false)
            let parts = absolute.words(shiftedBy: position & 63)
            let grid = WideMagnitude(
                words: [parts[0], parts[1], parts[2], parts[3], parts[4]],
                exponent: Self.lowestExponent + (position & ~63))
            return (window.isNegative, grid)
        }
        var whole = self
        whole.spill()
        let isNegative = whole.words[Self.wordCount - 1] >> 63 == 1
        if isNegative {
            var carry: UInt64 = 1
            for index in whole.words.indices {
                var word = ~whole.words[index]
                carry = word.addWithCarry(0, carry)
                whole.words[index] = word
            }
        }
        return (isNegative, WideMagnitude(words: whole.words, exponent: Self.lowestExponent))
    }
}
