/// The exact sum of doubles, of integers, or of the squares of either.
///
/// Idea: a finite double is an integer times a power of two, so a sum of doubles is one integer on
/// a fixed grid, and adding is integer addition: exact, associative, commutative and invertible
/// (Radford Neal, "Fast exact summation using small and large superaccumulators", 2015).
///
/// The value is `window * 2^exponent + words`. The window has 256 bits and takes every ordinary
/// value without touching the heap; what does not fit beside the rest moves into `words`, a
/// two's complement integer that spans the exponents of all squares of doubles. Which of the two
/// holds a bit depends on the path taken, so equality, hashing and encoding look at the content.
/// NaN and the infinities are counted beside the sum.
///
/// Invariants: `|window| < 2^254`; `exponent >= Self.lowestExponent`; `words` is empty or has
/// `Self.wordCount` elements. Exact for up to 2^63 terms.
public struct ExactSum: Sendable {
    @usableFromInline var window: Int256
    @usableFromInline var exponent: Int
    @usableFromInline var words: [UInt64]
    @usableFromInline var special: NonFiniteCounts

    /// What is going to be added, which chooses where the window lies: any choice is correct,
    /// the right one is fast.
    public enum Content: Sendable {
        /// Doubles: the window suits magnitudes from 1e-11 to 1e12.
        case doubles
        /// Squares of doubles whose magnitudes are between 1e-6 and 1e13.
        case squaresOfDoubles
        /// 64-bit integers or their squares.
        case integers

        @usableFromInline var exponent: Int {
            @inlinable get {
                switch self {
                case .doubles: -88
                case .squaresOfDoubles: -144
                case .integers: 0
                }
            }
        }
    }

    /// Starts at zero.
    @inlinable
    public init(of content: Content = .doubles) {
        window = .zero
        exponent = content.exponent
        words = []
        special = NonFiniteCounts()
    }

    /// Goes back to zero, keeping the memory it has.
    @inlinable
    public mutating func reset() {
        window = .zero
        special = NonFiniteCounts()
        if !words.isEmpty { words.removeAll(keepingCapacity: true) }
    }
}

extension ExactSum {
    /// Adds `value`. Complexity: O(1), without allocation for ordinary values.
    @inlinable
    public mutating func add(_ value: Double) {
        addTerm(value, bits: value.bitPattern, sign: 1)
    }

    /// Takes away a `value` that was added.
    @inlinable
    public mutating func subtract(_ value: Double) {
        addTerm(value, bits: value.bitPattern ^ (1 << 63), sign: -1)
    }

    /// Adds the value with the bits `bits`, which is `sign * value`.
    @inlinable @inline(__always)
    mutating func addTerm(_ value: Double, bits: UInt64, sign: Int64) {
        let field = Int(truncatingIfNeeded: bits &>> 52) & 0x7ff
        let shift = field &- 1075 &- exponent
        // A normal number of 53 bits that stays within 128 bits after the shift.
        guard UInt(bitPattern: shift) <= 74, UInt(bitPattern: field &- 1) < 2046 else {
            addOutsideWindow(value, sign: sign)
            return
        }
        let mask = Int64(bitPattern: bits) &>> 63
        let significand = Int64(bitPattern: bits & 0xf_ffff_ffff_ffff | 1 << 52)
        let term = Int128((significand ^ mask) &- mask) &<< Int128(truncatingIfNeeded: shift)
        window.add(Int256(high: Int128(mask), low: UInt128(bitPattern: term)))
    }

    /// Adds the square of `value`, exactly.
    @inlinable
    public mutating func addSquare(of value: Double) {
        addSquareTerm(value, sign: 1)
    }

    /// Takes away the square of a `value` whose square was added.
    @inlinable
    public mutating func subtractSquare(of value: Double) {
        addSquareTerm(value, sign: -1)
    }

    @inlinable @inline(__always)
    mutating func addSquareTerm(_ value: Double, sign: Int64) {
        let bits = value.bitPattern
        let field = Int(truncatingIfNeeded: bits &>> 52) & 0x7ff
        let shift = (field &- 1075) &* 2 &- exponent
        guard UInt(bitPattern: shift) <= 127, UInt(bitPattern: field &- 1) < 2046 else {
            addSquareOutsideWindow(of: value, sign: sign)
            return
        }
        let significand = UInt128(bits & 0xf_ffff_ffff_ffff | 1 << 52)
        let square = significand &* significand
        let count = UInt128(truncatingIfNeeded: shift)
        let term = Int256(
            high: Int128(bitPattern: (square &>> 1) &>> (127 &- count)), low: square &<< count)
        if sign > 0 { window.add(term) } else { window.subtract(term) }
        if !window.hasHeadroom { spill() }
    }

    /// Adds an integer.
    @inlinable
    public mutating func add(integer value: Int64) {
        guard exponent == 0 else {
            add(magnitude: UInt128(value.magnitude), exponent: 0, isNegative: value < 0)
            return
        }
        window.add(Int256(high: value < 0 ? -1 : 0, low: UInt128(truncatingIfNeeded: value)))
    }

    /// Takes away an integer that was added.
    @inlinable
    public mutating func subtract(integer value: Int64) {
        guard exponent == 0 else {
            add(magnitude: UInt128(value.magnitude), exponent: 0, isNegative: value >= 0)
            return
        }
        window.subtract(Int256(high: value < 0 ? -1 : 0, low: UInt128(truncatingIfNeeded: value)))
    }

    /// Adds the square of an integer.
    @inlinable
    public mutating func addSquare(ofInteger value: Int64) {
        let square = UInt128(value.magnitude) &* UInt128(value.magnitude)
        guard exponent == 0 else {
            add(magnitude: square, exponent: 0, isNegative: false)
            return
        }
        window.add(Int256(high: 0, low: square))
    }

    /// Takes away the square of an integer whose square was added.
    @inlinable
    public mutating func subtractSquare(ofInteger value: Int64) {
        let square = UInt128(value.magnitude) &* UInt128(value.magnitude)
        guard exponent == 0 else {
            add(magnitude: square, exponent: 0, isNegative: true)
            return
        }
        window.subtract(Int256(high: 0, low: square))
    }

    /// Adds everything that was added to `other`.
    @inlinable
    public mutating func merge(_ other: ExactSum) {
        special.add(other.special)
        if exponent == other.exponent {
            window.add(other.window)
            if !window.hasHeadroom { spill() }
        } else {
            add(other.window, exponent: other.exponent)
        }
        if !other.words.isEmpty { add(words: other.words) }
    }

    /// Takes away everything that was added to `other`.
    @inlinable
    public mutating func subtract(_ other: ExactSum) {
        special.subtract(other.special)
        if exponent == other.exponent {
            window.subtract(other.window)
            if !window.hasHeadroom { spill() }
        } else {
            add(other.window.negated(), exponent: other.exponent)
        }
        if !other.words.isEmpty { subtract(words: other.words) }
    }
}
