// The path of values that the window does not take as it lies: move the window when it has room,
// else carry its content to the words and begin a window where the value is.

extension ExactSum {
    /// The exponent of the lowest bit of the words: below the square of the least subnormal.
    @usableFromInline static let lowestExponent = -2176
    /// Enough for 2^63 times the square of the greatest double, and a sign.
    @usableFromInline static let wordCount = 68

    /// Adds `sign * value` when it is zero, subnormal, not finite, or outside the window.
    @usableFromInline @inline(never)
    mutating func addOutsideWindow(_ value: Double, sign: Int64) {
        guard value.isFinite else {
            special.count(value, times: sign)
            return
        }
        let (significand, exponent) = value.integerParts
        add(
            magnitude: UInt128(significand), exponent: exponent,
            isNegative: (value < 0) != (sign < 0))
    }

    /// Adds `sign * value * value` when `value` is not one that the fast path takes.
    @usableFromInline @inline(never)
    mutating func addSquareOutsideWindow(of value: Double, sign: Int64) {
        guard value.isFinite else {
            special.count(value * value, times: sign)
            return
        }
        let (significand, exponent) = value.integerParts
        add(
            magnitude: UInt128(significand) * UInt128(significand), exponent: 2 * exponent,
            isNegative: sign < 0)
    }

    /// Adds `magnitude * 2^exponent` with a sign.
    @usableFromInline
    mutating func add(magnitude: UInt128, exponent: Int, isNegative: Bool) {
        add(
            Int256(magnitude: UInt256(high: 0, low: magnitude), isNegative: isNegative),
            exponent: exponent)
    }

    /// Adds `term * 2^termExponent`; `term` must have headroom.
    @usableFromInline
    mutating func add(_ term: Int256, exponent termExponent: Int) {
        if term.isZero { return }
        var magnitude = term.magnitude
        var shift = termExponent - exponent
        if shift < 0 {
            let spare = min(magnitude.trailingZeroBitCount, -shift)
            magnitude = magnitude.shiftedRight(by: spare)
            shift += spare
        }
        if shift < 0, lowerWindow(by: -shift) { shift = 0 }
        if shift < 0 || magnitude.bitWidth + shift > 254 {
            spill()
            shift = placeWindow(forBitWidth: magnitude.bitWidth, at: exponent + shift)
        }
        window.add(Int256(magnitude: magnitude.shiftedLeft(by: shift), isNegative: term.isNegative))
        if !window.hasHeadroom { spill() }
    }

    /// Moves the exponent down by `count` if the content leaves room, with some to spare.
    private mutating func lowerWindow(by count: Int) -> Bool {
        let magnitude = window.magnitude
        let room = 254 - magnitude.bitWidth
        guard count <= room else { return false }
        let isNegative = window.isNegative
        exponent -= count
        window = Int256(magnitude: magnitude.shiftedLeft(by: count), isNegative: isNegative)
        return true
    }

    /// Lays the empty window so that a term at `termExponent` fits with bits to spare below.
    ///
    /// - Returns: the shift of the term within the window.
    private mutating func placeWindow(forBitWidth width: Int, at termExponent: Int) -> Int {
        let spare = max(0, min(24, 254 - width, termExponent - Self.lowestExponent))
        exponent = termExponent - spare
        return spare
    }

    /// Carries the window's content to the words and leaves it zero.
    @usableFromInline @inline(never)
    mutating func spill() {
        if window.isZero { return }
        if words.isEmpty { words.append(contentsOf: repeatElement(0, count: Self.wordCount)) }
        let position = exponent - Self.lowestExponent
        let parts = window.words(shiftedBy: position & 63)
        let fill: UInt64 = window.isNegative ? .max : 0
        var carry: UInt64 = 0
        var index = position >> 6
        for part in 0..<5 where index < Self.wordCount {
            carry = words[index].addWithCarry(parts[part], carry)
            index += 1
        }
        // Above the window only the sign goes on, which changes nothing once carry cancels it.
        while index < Self.wordCount, fill &+ carry != 0 {
            carry = words[index].addWithCarry(fill, carry)
            index += 1
        }
        window = .zero
    }

    @usableFromInline
    mutating func add(words other: [UInt64]) {
        if words.isEmpty {
            words.append(contentsOf: other)
            return
        }
        var carry: UInt64 = 0
        for index in 0..<Self.wordCount {
            carry = words[index].addWithCarry(other[index], carry)
        }
    }

    @usableFromInline
    mutating func subtract(words other: [UInt64]) {
        if words.isEmpty { words.append(contentsOf: repeatElement(0, count: Self.wordCount)) }
        var carry: UInt64 = 1
        for index in 0..<Self.wordCount {
            carry = words[index].addWithCarry(~other[index], carry)
        }
    }
}

extension UInt64 {
    /// Adds `other` and a carry of 0 or 1 in place.
    ///
    /// - Returns: the carry out, 0 or 1.
    mutating func addWithCarry(_ other: UInt64, _ carry: UInt64) -> UInt64 {
        let (first, firstCarry) = addingReportingOverflow(other)
        let (second, secondCarry) = first.addingReportingOverflow(carry)
        self = second
        return (firstCarry ? 1 : 0) + (secondCarry ? 1 : 0)
    }
}

extension Int256 {
    /// The five words of the value times 2^`shift`, the least significant first; `shift < 64`.
    func words(shiftedBy shift: Int) -> [5 of UInt64] {
        let bits = UInt256(high: UInt128(bitPattern: high), low: low).shiftedLeft(by: shift)
        let top = Int64(truncatingIfNeeded: high >> 64)
        let overflow = shift == 0 ? top >> 63 : top >> (64 - shift)
        return [
            UInt64(truncatingIfNeeded: bits.low), UInt64(truncatingIfNeeded: bits.low >> 64),
            UInt64(truncatingIfNeeded: bits.high), UInt64(truncatingIfNeeded: bits.high >> 64),
            UInt64(bitPattern: overflow),
        ]
    }
}

extension Double {
    /// The integer and the exponent of two whose product is the absolute value; finite only.
    var integerParts: (significand: UInt64, exponent: Int) {
        let field = Int(exponentBitPattern)
        if field == 0 { return (significandBitPattern, -1074) }
        return (significandBitPattern | 1 << 52, field - 1075)
    }
}
