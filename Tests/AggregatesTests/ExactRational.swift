/// An oracle for exact arithmetic that shares no algorithm with the module under test: naive
/// integers of 32-bit digits, and rounding checked by comparing with the neighbours' midpoints.
struct BigInteger: Equatable {
    var isNegative = false
    var digits: [UInt32] = []

    init(_ value: Int64) {
        isNegative = value < 0
        digits = [UInt32(truncatingIfNeeded: value.magnitude), UInt32(value.magnitude >> 32)]
        trim()
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { isNegative = false }
    }

    static func compareMagnitude(_ left: BigInteger, _ right: BigInteger) -> Int {
        if left.digits.count != right.digits.count {
            return left.digits.count < right.digits.count ? -1 : 1
        }
        for (one, other) in zip(left.digits.reversed(), right.digits.reversed()) where one != other
        {
            return one < other ? -1 : 1
        }
        return 0
    }

    static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        if left.isNegative == right.isNegative {
            var result = left
            var carry: UInt64 = 0
            for index in 0..<max(left.digits.count, right.digits.count) + 1 {
                if index == result.digits.count { result.digits.append(0) }
                let other = index < right.digits.count ? right.digits[index] : 0
                let total = UInt64(result.digits[index]) + UInt64(other) + carry
                result.digits[index] = UInt32(truncatingIfNeeded: total)
                carry = total >> 32
            }
            result.trim()
            return result
        }
        let (big, small) =
            compareMagnitude(left, right) >= 0 ? (left, right) : (right, left)
        var result = big
        var borrow: Int64 = 0
        for index in big.digits.indices {
            let other = index < small.digits.count ? small.digits[index] : 0
            var total = Int64(big.digits[index]) - Int64(other) - borrow
            borrow = total < 0 ? 1 : 0
            if total < 0 { total += 1 << 32 }
            result.digits[index] = UInt32(total)
        }
        result.trim()
        return result
    }

    static prefix func - (value: BigInteger) -> BigInteger {
        var result = value
        result.isNegative = !value.isNegative && !value.digits.isEmpty
        return result
    }

    static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

    static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        var result = BigInteger(0)
        result.digits = Array(repeating: 0, count: left.digits.count + right.digits.count)
        for (index, digit) in left.digits.enumerated() {
            var carry: UInt64 = 0
            for (other, factor) in right.digits.enumerated() {
                let total =
                    UInt64(digit) * UInt64(factor) + UInt64(result.digits[index + other]) + carry
                result.digits[index + other] = UInt32(truncatingIfNeeded: total)
                carry = total >> 32
            }
            result.digits[index + right.digits.count] = UInt32(carry)
        }
        result.isNegative = left.isNegative != right.isNegative
        result.trim()
        return result
    }

    static func powerOfTwo(_ exponent: Int) -> BigInteger {
        var result = BigInteger(0)
        result.digits = Array(repeating: 0, count: exponent / 32) + [1 << UInt32(exponent % 32)]
        return result
    }
}

/// A quotient of integers; the denominator is positive.
struct ExactRational {
    var numerator: BigInteger
    var denominator: BigInteger

    init(_ numerator: BigInteger, over denominator: BigInteger = BigInteger(1)) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The exact value of a finite double.
    init(_ value: Double) {
        let field = Int(value.exponentBitPattern)
        let significand = Int64(value.significandBitPattern) + (field == 0 ? 0 : 1 << 52)
        let exponent = max(field, 1) - 1075
        numerator = BigInteger(value < 0 ? -significand : significand)
        denominator = BigInteger(1)
        if exponent >= 0 {
            numerator = numerator * .powerOfTwo(exponent)
        } else {
            denominator = .powerOfTwo(-exponent)
        }
    }

    static func + (left: ExactRational, right: ExactRational) -> ExactRational {
        if left.denominator == right.denominator {
            return ExactRational(left.numerator + right.numerator, over: left.denominator)
        }
        return ExactRational(
            left.numerator * right.denominator + right.numerator * left.denominator,
            over: left.denominator * right.denominator)
    }

    static func * (left: ExactRational, right: ExactRational) -> ExactRational {
        ExactRational(left.numerator * right.numerator, over: left.denominator * right.denominator)
    }

    /// -1, 0 or 1 as the value is below, equal to or above `other`.
    func compare(_ other: ExactRational) -> Int {
        let difference = numerator * other.denominator - other.numerator * denominator
        if difference.digits.isEmpty { return 0 }
        return difference.isNegative ? -1 : 1
    }

    /// Whether `result` is this value rounded to the nearest double, ties to even, zero positive.
    func rounds(to result: Double) -> Bool {
        if result.isNaN || (result == 0 && result.sign == .minus) { return false }
        if result.sign == .minus {
            return ExactRational(-numerator, over: denominator).rounds(to: -result)
        }
        let isEven = result.bitPattern & 1 == 0
        // The double after the greatest one would be 2^1024.
        let limit = ExactRational(.powerOfTwo(1024))
        let half = ExactRational(BigInteger(1), over: BigInteger(2))
        let own = result.isInfinite ? limit : ExactRational(result)
        if result.isFinite {
            let above = result.nextUp.isInfinite ? limit : ExactRational(result.nextUp)
            let order = compare((own + above) * half)
            if order > 0 || (order == 0 && !isEven) { return false }
        }
        let below =
            result == 0 ? ExactRational(-.leastNonzeroMagnitude) : ExactRational(result.nextDown)
        let order = compare((own + below) * half)
        return order > 0 || (order == 0 && isEven)
    }
}

extension ExactRational {
    static func sum(of values: [ExactRational]) -> ExactRational {
        values.reduce(ExactRational(BigInteger(0)), +)
    }

    static func mean(of values: [ExactRational]) -> ExactRational {
        sum(of: values) * ExactRational(BigInteger(1), over: BigInteger(Int64(values.count)))
    }

    /// The sample variance.
    static func variance(of values: [ExactRational]) -> ExactRational {
        let count = Int64(values.count)
        let sum = sum(of: values)
        let squares = self.sum(of: values.map { $0 * $0 })
        let spread =
            squares * ExactRational(BigInteger(count))
            + sum * sum * ExactRational(BigInteger(-1))
        return spread
            * ExactRational(BigInteger(1), over: BigInteger(count) * BigInteger(count - 1))
    }

    static func sum(of values: [Double]) -> ExactRational { sum(of: values.map { Self($0) }) }

    static func mean(of values: [Double]) -> ExactRational { mean(of: values.map { Self($0) }) }

    static func variance(of values: [Double]) -> ExactRational {
        variance(of: values.map { Self($0) })
    }
}
