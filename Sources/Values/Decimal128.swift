/// An exact decimal number: `unscaled` times ten to the power of minus `scale`.
///
/// A column of `decimal(p, s)` holds the unscaled numbers alone; its type knows the scale. Numbers
/// that are equal compare and hash alike whatever their scales are: 1.5 is 1.50.
public struct Decimal128: Sendable {
    /// The digits without the point; at most 38 of them.
    public let unscaled: Int128
    /// How many of the digits stand behind the point: 0 to 38.
    public let scale: Int

    /// Makes a number of its digits; the scale must be within 0 and 38.
    public init(unscaled: Int128, scale: Int) {
        precondition((0...Self.greatestPrecision).contains(scale), "a scale beyond 38")
        self.unscaled = unscaled
        self.scale = scale
    }

    /// How many digits a decimal can have.
    public static let greatestPrecision = 38

    /// Ten to the power of `exponent`, which must be within 0 and 38. Complexity: O(1).
    public static func powerOfTen(_ exponent: Int) -> Int128 { powersOfTen[exponent] }

    /// Whether `unscaled` has at most `precision` digits.
    public static func fits(_ unscaled: Int128, precision: Int) -> Bool {
        unscaled.magnitude < powersOfTen[precision].magnitude
    }
}

private let powersOfTen: [Int128] = (0..<Decimal128.greatestPrecision).reduce(into: [1]) {
    powers, _ in powers.append(powers[powers.count - 1] * 10)
}

extension Decimal128: Hashable, Comparable {
    /// Whether both are the same number.
    public static func == (left: Decimal128, right: Decimal128) -> Bool {
        left.scale == right.scale
            ? left.unscaled == right.unscaled : left.order(against: right) == 0
    }

    /// Whether `left` is the lesser number.
    public static func < (left: Decimal128, right: Decimal128) -> Bool {
        left.scale == right.scale
            ? left.unscaled < right.unscaled : left.order(against: right) < 0
    }

    /// The number without zeros at its end hashes, because 1.5 is 1.50.
    public func hash(into hasher: inout Hasher) {
        var digits = unscaled
        var places = scale
        while places > 0, digits % 10 == 0 {
            digits /= 10
            places -= 1
        }
        hasher.combine(digits)
        hasher.combine(places)
    }

    /// -1, 0 or 1; whole parts first and what is left then, because raising the lower scale to the
    /// greater one could overflow.
    private func order(against other: Decimal128) -> Int {
        guard scale <= other.scale else { return -other.order(against: self) }
        let (whole, rest) = other.unscaled.quotientAndRemainder(
            dividingBy: powersOfTen[other.scale - scale])
        if unscaled != whole { return unscaled < whole ? -1 : 1 }
        return rest == 0 ? 0 : rest > 0 ? -1 : 1
    }
}

extension Decimal128: CustomStringConvertible {
    /// All `scale` digits behind the point, zeros included: `12.50`.
    public var description: String {
        guard scale > 0 else { return String(unscaled) }
        let digits = String(unscaled.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return (unscaled < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
    }
}
