// Version 1 of the bytes of an exact sum, a function of its content alone:
//
//   header    4 * runs + 2 if there are counts + 1 if negative
//   counts    of NaN, +infinity, -infinity; only if one of them is not zero
//   runs      of bytes of the absolute value, from the lowest: position of the first byte relative
//             to the binary point (then: zero bytes skipped, less 3), length, bytes
//
// A run begins and ends with a byte that is not zero and is cut where three or more are zero, so
// 1e200 + 1 takes a few bytes and not 80. Numbers are written as in `StateWriter`.

extension ExactSum {
    /// The version of the encoding.
    static let encodingVersion: UInt8 = 1
    /// Zero bytes that end a run: skipping fewer would cost more than writing them.
    private static let leastGap = 3
    /// Where bytes can stand, relative to the binary point.
    private static let positions = -272..<264

    /// The canonical bytes: equal for equal content, whatever path led there.
    public var encoded: [UInt8] {
        var writer = StateWriter()
        writer.write(byte: Self.encodingVersion)
        encode(into: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` gives.
    ///
    /// - Throws: `corruptState` for anything else.
    public init(encoded bytes: [UInt8]) throws(AggregateError) {
        var reader = StateReader(bytes)
        guard try reader.readByte() == Self.encodingVersion else {
            throw reader.corrupt("the version of the exact sum is unknown")
        }
        try self.init(from: &reader, of: .doubles)
        try reader.finish()
    }

    func encode(into writer: inout StateWriter) {
        let (isNegative, magnitude) = magnitude
        let runs = Self.runs(of: magnitude.words)
        writer.write(
            UInt64(runs.count) << 2 | (special.isZero ? 0 : 2) | (isNegative ? 1 : 0))
        if !special.isZero { special.encode(into: &writer) }
        var end: Int?
        for run in runs {
            if let end {
                writer.write(UInt64(run.lowerBound - end - Self.leastGap))
            } else {
                writer.write(signed: Int64(magnitude.exponent / 8 + run.lowerBound))
            }
            writer.write(UInt64(run.count))
            for index in run { writer.write(byte: magnitude.words.byte(at: index)) }
            end = run.upperBound
        }
    }

    private static func runs(of words: [UInt64]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for (wordIndex, word) in words.enumerated() where word != 0 {
            for index in 8 * wordIndex..<8 * wordIndex + 8 where words.byte(at: index) != 0 {
                if let last = runs.last, index - last.upperBound < leastGap {
                    runs[runs.count - 1] = last.lowerBound..<index + 1
                } else {
                    runs.append(index..<index + 1)
                }
            }
        }
        return runs
    }

    init(from reader: inout StateReader, of content: Content) throws(AggregateError) {
        self.init(of: content)
        let header: UInt64 = try reader.readUnsigned()
        let isNegative = header & 1 == 1
        if header & 2 != 0 { special = try NonFiniteCounts(from: &reader) }
        guard header >> 2 != 0 || !isNegative else { throw reader.corrupt("zero has a sign") }
        var end: Int?
        for _ in 0..<header >> 2 {
            let start = try Self.startOfRun(after: end, from: &reader)
            end = try addRun(from: &reader, at: start, isNegative: isNegative)
        }
    }

    private static func startOfRun(
        after end: Int?, from reader: inout StateReader
    ) throws(AggregateError) -> Int {
        let limit = Int64(positions.count)
        let start: Int64
        if let end {
            start = Int64(end + leastGap + (try reader.readCount(limit: positions.count)))
        } else {
            start = try reader.readSigned()
        }
        guard start >= -limit, start < limit, positions.contains(Int(start)) else {
            throw reader.corrupt("a digit stands outside all doubles")
        }
        return Int(start)
    }

    /// Adds the bytes of a run.
    ///
    /// - Returns: the position behind it.
    private mutating func addRun(
        from reader: inout StateReader, at start: Int, isNegative: Bool
    ) throws(AggregateError) -> Int {
        let length = try reader.readCount(limit: Self.positions.upperBound - start)
        var chunk: UInt128 = 0
        var zeros = Self.leastGap
        for offset in 0..<length {
            let byte = try reader.readByte()
            zeros = byte == 0 ? zeros + 1 : 0
            guard zeros < Self.leastGap else {
                throw reader.corrupt("a run of digits has idle zeros")
            }
            chunk |= UInt128(byte) << UInt128(8 * (offset & 15))
            guard offset & 15 == 15 || offset == length - 1 else { continue }
            add(magnitude: chunk, exponent: 8 * (start + (offset & ~15)), isNegative: isNegative)
            chunk = 0
        }
        guard zeros == 0 else { throw reader.corrupt("a run of digits has idle zeros") }
        return start + length
    }
}

extension [UInt64] {
    /// The byte at `index`, counted from the least significant one.
    fileprivate func byte(at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: self[index >> 3] >> UInt64(8 * (index & 7)))
    }
}

extension NonFiniteCounts {
    func encode(into writer: inout StateWriter) {
        writer.write(signed: nan)
        writer.write(signed: positiveInfinity)
        writer.write(signed: negativeInfinity)
    }

    init(from reader: inout StateReader) throws(AggregateError) {
        self.init()
        nan = try reader.readSigned()
        positiveInfinity = try reader.readSigned()
        negativeInfinity = try reader.readSigned()
        guard !isZero else { throw reader.corrupt("counts are written that are all zero") }
    }
}

extension ExactSum: Hashable {
    /// Whether both hold the same content, whatever path led there.
    public static func == (left: ExactSum, right: ExactSum) -> Bool {
        guard left.special == right.special else { return false }
        var difference = left
        difference.subtract(right)
        return difference.magnitude.magnitude.words.allSatisfy { $0 == 0 }
    }

    /// Feeds the content: equal sums hash alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(encoded)
    }
}
