import Values

// Each checks that some rows have the state: else a corrupt state would pass for a number.

extension StateReader {
    /// A number of rows.
    mutating func readRowCount() throws(AggregateError) -> Int64 {
        let value: UInt64 = try readUnsigned()
        guard let count = Int64(exactly: value) else { throw corrupt("a count is out of range") }
        return count
    }

    /// The exact sum of `count` terms.
    fileprivate mutating func readSum(
        of count: Int64, content: ExactSum.Content
    ) throws(AggregateError) -> ExactSum {
        let sum = try ExactSum(from: &self, of: content)
        guard let finite = sum.special.finiteCount(of: count), finite > 0 || sum.finitePartIsZero
        else { throw corrupt("a sum has more terms than its count") }
        if case .integers = content {
            guard sum.isInteger else { throw corrupt("a sum of integers is not an integer") }
        }
        return sum
    }
}

extension NonFiniteCounts {
    /// How many of `count` terms are finite; nil when the counts do not add up.
    func finiteCount(of count: Int64) -> Int64? {
        var rest = count
        for part in [nan, positiveInfinity, negativeInfinity] {
            guard part >= 0, part <= rest else { return nil }
            rest -= part
        }
        return rest
    }
}

extension ExactSum {
    fileprivate var finitePartIsZero: Bool {
        if words.isEmpty { return window.isZero }
        return magnitude.magnitude.words.allSatisfy { $0 == 0 }
    }

    /// Whether every term can have been an integer.
    fileprivate var isInteger: Bool {
        guard special.isZero else { return false }
        if words.isEmpty && exponent >= 0 { return true }
        let magnitude = magnitude.magnitude
        let fraction = min(max(0, -magnitude.exponent / 64), magnitude.words.count)
        return magnitude.words[..<fraction].allSatisfy { $0 == 0 }
    }
}

extension RunningIntegerSum {
    init(from reader: inout StateReader) throws(AggregateError) {
        self.init()
        count = try reader.readRowCount()
        sum = try reader.readSigned128()
        let limit = Int128(count) << 63
        guard sum >= -limit, sum <= limit - Int128(count) else {
            throw reader.corrupt("a sum of integers is too great for its count")
        }
    }
}

extension RunningSum {
    init(from reader: inout StateReader, isInteger: Bool) throws(AggregateError) {
        self.init()
        count = try reader.readRowCount()
        sum = try reader.readSum(of: count, content: isInteger ? .integers : .doubles)
    }
}

extension RunningMoments {
    init(from reader: inout StateReader, isInteger: Bool) throws(AggregateError) {
        self.init()
        count = try reader.readRowCount()
        sum = try reader.readSum(of: count, content: isInteger ? .integers : .doubles)
        squares = try reader.readSum(of: count, content: isInteger ? .integers : .squaresOfDoubles)
        guard isPossible else { throw reader.corrupt("a variance is negative") }
    }

    /// Whether some values have these sums, as far as `count * squares >= sum^2` tells.
    private var isPossible: Bool {
        let infinities = sum.special.positiveInfinity + sum.special.negativeInfinity
        guard squares.special.nan == sum.special.nan, squares.special.negativeInfinity == 0,
            squares.special.positiveInfinity == infinities
        else { return false }
        return ExactSum.isPossible(count: count, sum: sum, squares: squares)
    }
}

extension RankedRows {
    /// Reads `count` rows, the value of each by `readValue`.
    func read(
        count: Int, from reader: inout StateReader,
        value readValue: (inout StateReader) throws(AggregateError) -> Scalar
    ) throws(AggregateError) -> RankedRows {
        var rows: [RankedValue] = []
        for _ in 0..<count {
            rows.append(
                RankedValue(
                    eventTime: EventTime(microseconds: try reader.readSigned()),
                    knownAt: EventTime(microseconds: try reader.readSigned()),
                    value: try readValue(&reader)))
        }
        guard let result = RankedRows(keeping: end, capacity: capacity, rows: rows) else {
            throw reader.corrupt("rows are out of order")
        }
        return result
    }
}
