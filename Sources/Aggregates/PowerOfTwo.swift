// 2^(part / whole) to the nearest double, by integer arithmetic alone: libm's `exp2` differs from
// machine to machine, and a state must not.
//
// Idea. The fraction has 128 bits after its binary point. 2^(2^-i) for i = 1...64 comes from
// repeated integer square roots; a table holds the products for each value of each of the first
// eight bytes, so eight multiplications remain. The other 64 bits are so small that
// 2^f = 1 + f ln 2. The result is right to 2^-120, so rounding it to 53 bits gives the nearest
// double but for one value in 2^60.

/// 2^(part / whole), rounded to the nearest double; `part` is from 0 to `whole`, which is positive.
package func powerOfTwo(_ part: UInt64, over whole: UInt64) -> Double {
    if part >= whole { return 2 }
    let (high, rest) = whole.dividingFullWidth((part, 0))
    let (low, _) = whole.dividingFullWidth((rest, 0))
    var product: UInt128 = 1 << 127
    for byte in 0..<8 {
        let value = Int(truncatingIfNeeded: high >> UInt64(56 - 8 * byte)) & 0xff
        if value != 0 { product = multiplied(product, PowerTable.shared.powers[byte << 8 | value]) }
    }
    let small = low.multipliedFullWidth(by: 0xb172_17f7_d1cf_79ac).high  // ln 2
    product += product.multipliedFullWidth(by: UInt128(small)).high
    return roundedDouble(
        significand: UInt64(truncatingIfNeeded: product >> 64),
        isInexact: UInt64(truncatingIfNeeded: product) != 0, exponent: -63, isNegative: false)
}

/// The product of two numbers from 1 to 2 whose product is below 2; both with 127 bits behind the
/// point.
private func multiplied(_ left: UInt128, _ right: UInt128) -> UInt128 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return high << 1 | low >> 127
}

/// 2^(value / 2^(8 (byte + 1))) for each byte and value, with 127 bits behind the point.
private struct PowerTable: Sendable {
    static let shared = PowerTable()

    let powers: [UInt128]

    private init() {
        var powers: [UInt128] = []
        var root = squareRoot(high: 1 << 127, low: 0)
        for _ in 0..<8 {
            var roots: [UInt128] = []
            for _ in 0..<8 {
                roots.append(root)
                root = squareRoot(high: root >> 1, low: root << 127)
            }
            for value in 0..<256 {
                var power: UInt128 = 1 << 127
                for bit in 0..<8 where value & 0x80 >> bit != 0 {
                    power = multiplied(power, roots[bit])
                }
                powers.append(power)
            }
        }
        self.powers = powers
    }
}

/// The integer square root of `high * 2^128 + low`, rounded down.
private func squareRoot(high: UInt128, low: UInt128) -> UInt128 {
    var root: UInt128 = 0
    for bit in stride(from: 127, through: 0, by: -1) {
        let candidate = root | 1 << UInt128(bit)
        let square = candidate.multipliedFullWidth(by: candidate)
        if (square.high, square.low) <= (high, low) { root = candidate }
    }
    return root
}
