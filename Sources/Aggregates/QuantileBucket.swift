// The places of values in a quantile sketch, by integer arithmetic on their bits.
//
// A double, read as an integer, is its exponent followed by its mantissa. So dropping the lowest 46
// bits, rounded half away from zero, rounds the value to 7 binary digits: steps that are linear
// within a power of two and a relative error of at most 1/128, which DDSketch (Masson et al. 2019)
// takes a logarithm for. Whole numbers up to 128 and short binary fractions stand for themselves.

/// Where a value goes: an integer that sorts as the value does.
package enum QuantileBucket {
    /// How many bits of the mantissa are cut off.
    private static let shift: UInt64 = 46
    /// The place of the greatest finite double.
    static let greatest: Int32 = 0x7ff << 6 - 1
    /// The places of what is not finite; they are never joined with others.
    static let negativeInfinity = Int32.min
    static let infinity = Int32.max - 1
    static let nan = Int32.max

    /// The place of `value`.
    package static func index(of value: Double) -> Int32 {
        guard value.isFinite else {
            return value.isNaN ? nan : value > 0 ? infinity : negativeInfinity
        }
        let bits = value.magnitude.bitPattern
        let rounded = (bits + 1 << (shift - 1)) >> shift
        let index = min(Int32(truncatingIfNeeded: rounded), greatest)
        return value < 0 ? -index : index
    }

    /// The value that stands for a place after `joins` joinings of neighbours.
    package static func value(of index: Int32, joins: Int) -> Double {
        switch index {
        case negativeInfinity: return -.infinity
        case infinity: return .infinity
        case nan: return canonicalNaN
        case 0: return 0
        default: break
        }
        let middle = joins == 0 ? 0 : UInt64(1) << UInt64(joins - 1)
        let magnitude = min(UInt64(index.magnitude) << UInt64(joins) + middle, UInt64(greatest))
        let value = Double(bitPattern: magnitude << shift)
        return index < 0 ? -value : value
    }

    /// Whether a place is one of finite values that `joins` joinings leave.
    static func isPossible(_ index: Int32, joins: Int) -> Bool {
        if index == negativeInfinity || index >= infinity { return true }
        return index.magnitude <= UInt32(greatest) >> UInt32(joins)
    }

    /// The place after neighbours are joined in pairs, toward zero.
    static func joined(_ index: Int32) -> Int32 {
        if index == negativeInfinity || index >= infinity { return index }
        return index / 2
    }
}
