/// A non-negative integer of any size times a power of two: `words * 2^exponent`.
///
/// For the finalisation of sums whose bits span more than a machine word can hold. Words are the
/// least significant first; leading zero words are allowed. Schoolbook algorithms: the greatest
/// operand has 68 words.
struct WideMagnitude {
    var words: [UInt64]
    var exponent: Int

    init(words: [UInt64], exponent: Int) {
        self.words = words
        self.exponent = exponent
    }

    /// The product with a word. Complexity: O(words).
    func multiplied(by factor: UInt64) -> WideMagnitude {
        var product: [UInt64] = []
        product.reserveCapacity(words.count + 1)
        var carry: UInt64 = 0
        for word in words {
            let wide = UInt128(word) * UInt128(factor) + UInt128(carry)
            product.append(UInt64(truncatingIfNeeded: wide))
            carry = UInt64(truncatingIfNeeded: wide >> 64)
        }
        product.append(carry)
        return WideMagnitude(words: product, exponent: exponent)
    }

    /// The square. Complexity: O(words squared).
    func squared() -> WideMagnitude {
        var product = [UInt64](repeating: 0, count: 2 * words.count)
        for (index, factor) in words.enumerated() where factor != 0 {
            var carry: UInt64 = 0
            for (other, word) in words.enumerated() {
                let wide =
                    UInt128(word) * UInt128(factor) + UInt128(product[index + other])
                    + UInt128(carry)
                product[index + other] = UInt64(truncatingIfNeeded: wide)
                carry = UInt64(truncatingIfNeeded: wide >> 64)
            }
            product[index + words.count] = carry
        }
        return WideMagnitude(words: product, exponent: 2 * exponent)
    }

    /// The difference, or nil when `other` is greater. Complexity: O(words).
    func subtracting(_ other: WideMagnitude) -> WideMagnitude? {
        let common = min(exponent, other.exponent)
        var left = words(at: common)
        let right = other.words(at: common)
        let missing = right.count - left.count
        if missing > 0 { left.append(contentsOf: repeatElement(0, count: missing)) }
        var carry: UInt64 = 1
        for index in left.indices {
            carry = left[index].addWithCarry(~(index < right.count ? right[index] : 0), carry)
        }
        return carry == 1 ? WideMagnitude(words: left, exponent: common) : nil
    }

    /// The same value with its lowest bit at `lower`, which is at most the exponent.
    private func words(at lower: Int) -> [UInt64] {
        let distance = exponent - lower
        var result = [UInt64](repeating: 0, count: distance >> 6)
        let shift = UInt64(distance & 63)
        if shift == 0 { return result + words }
        var carry: UInt64 = 0
        for word in words {
            result.append(word << shift | carry)
            carry = word >> (64 - shift)
        }
        result.append(carry)
        return result
    }

    /// The highest 256 bits, or nil for zero.
    var leadingBits: LeadingBits? {
        guard let top = words.lastIndex(where: { $0 != 0 }) else { return nil }
        func word(_ below: Int) -> UInt128 { below <= top ? UInt128(words[top - below]) : 0 }
        let kept = UInt256(high: word(0) << 64 | word(1), low: word(2) << 64 | word(3))
        let shift = words[top].leadingZeroBitCount
        var bits = kept.shiftedLeft(by: shift)
        let next = UInt64(truncatingIfNeeded: word(4))
        if shift > 0 { bits.low |= UInt128(next >> UInt64(64 - shift)) }
        let below = top >= 5 && words[..<(top - 4)].contains { $0 != 0 }
        let isInexact = below || next << UInt64(shift) != 0
        return LeadingBits(
            bits: bits, exponent: exponent + 64 * (top - 3) - shift, isInexact: isInexact)
    }
}
