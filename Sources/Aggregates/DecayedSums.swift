package import Values

// A sum in which a value counts half as much each `halfLife` later, in no order.
//
// Idea. Time is cut into half-lives since the Unix epoch. A value x, `part` of a half-life h into
// its own, is the term x * 2^(part / h), and the terms of one half-life are added exactly. Asked at
// t, the sum of the half-life n weighs 2^(n - n(t)), which is exact in binary, and the whole is
// multiplied by 2^-(part(t) / h) once. So the state does not depend on when it is asked, merging
// adds exact sums, and rows can be taken away again.
//
// Rounding, which is part of the definition: each term twice (the power to the nearest double,
// halved so that no term overflows; the product), the sum of each half-life once, the sum of these
// once, the last product once. A half-life more than 1070 before the asking time weighs nothing.
//
// Cost. O(1) to add in order of time; O(half-lives) to merge and to ask.

/// The sums of the half-lives that have values.
package struct DecayedSums: Sendable {
    /// What one half-life holds.
    struct Span: Sendable {
        /// How many half-lives after the epoch it begins.
        let index: Int64
        /// Of the values times 2^(part / halfLife - 1).
        var sum: RunningSum
    }

    /// How many half-lives back anything weighs.
    private static let reach: Int64 = 1070

    package let halfLife: EventDuration
    /// Ascending; each has at least one value.
    private(set) var spans: [Span] = []

    package init(halfLife: EventDuration) { self.halfLife = halfLife }

    /// Goes back to no values, keeping the memory.
    package mutating func reset() { spans.removeAll(keepingCapacity: true) }

    /// Adds a value of a row at `time`.
    package mutating func add(_ value: Double, at time: EventTime) {
        let (index, term) = term(value, at: time)
        let place = place(of: index)
        if place == spans.count || spans[place].index != index {
            spans.insert(Span(index: index, sum: RunningSum()), at: place)
        }
        spans[place].sum.add(term)
    }

    /// Takes away a value that was added.
    package mutating func remove(_ value: Double, at time: EventTime) {
        let (index, term) = term(value, at: time)
        let place = place(of: index)
        spans[place].sum.remove(term)
        if spans[place].sum.count == 0 { spans.remove(at: place) }
    }

    /// Adds all values of `other`, of the same half-life.
    mutating func merge(_ other: DecayedSums) { combine(other) { $0.merge($1) } }

    /// Takes away all values of `other`, which were added.
    mutating func subtract(_ other: DecayedSums) { combine(other) { $0.subtract($1) } }

    /// The sum as of `time`; nil without values.
    package func value(at time: EventTime) -> Double? {
        if spans.isEmpty { return nil }
        let (now, part) = split(time)
        var total = ExactSum()
        for span in spans {
            let (age, overflows) = now.subtractingReportingOverflow(span.index)
            if overflows || age > Self.reach { continue }
            // One more, because the terms are halves.
            total.add(span.sum.sum.rounded(), scaledBy: 1 - Int(max(age, 0)))
        }
        let whole = UInt64(halfLife.microseconds)
        return (total.rounded() * (powerOfTwo(whole - part, over: whole) / 2)).canonical
    }

    private func term(_ value: Double, at time: EventTime) -> (index: Int64, term: Double) {
        let (index, part) = split(time)
        return (index, value * (powerOfTwo(part, over: UInt64(halfLife.microseconds)) / 2))
    }

    /// The half-life that `time` lies in, and how far in.
    private func split(_ time: EventTime) -> (index: Int64, part: UInt64) {
        let whole = halfLife.microseconds
        let (quotient, rest) = time.microseconds.quotientAndRemainder(dividingBy: whole)
        return rest < 0 ? (quotient - 1, UInt64(rest + whole)) : (quotient, UInt64(rest))
    }

    private mutating func combine(
        _ other: DecayedSums, _ change: (inout RunningSum, RunningSum) -> Void
    ) {
        for span in other.spans {
            let place = place(of: span.index)
            if place == spans.count || spans[place].index != span.index {
                spans.insert(Span(index: span.index, sum: RunningSum()), at: place)
            }
            change(&spans[place].sum, span.sum)
            if spans[place].sum.count == 0 { spans.remove(at: place) }
        }
    }

    private func place(of index: Int64) -> Int {
        if let last = spans.last, last.index <= index {
            return last.index == index ? spans.count - 1 : spans.count
        }
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ExactSum {
    /// Adds `value * 2^exponent`, exactly; `exponent` is at least -1100 and at most 1.
    fileprivate mutating func add(_ value: Double, scaledBy exponent: Int) {
        guard value.isFinite else {
            special.count(value, times: 1)
            return
        }
        let (significand, own) = value.integerParts
        add(magnitude: UInt128(significand), exponent: own + exponent, isNegative: value < 0)
    }
}

// The bytes: how many half-lives; the index of the first, then the distances, each followed by the
// number of its values and their exact sum.
extension DecayedSums {
    func encode(into writer: inout StateWriter) {
        writer.write(UInt64(spans.count))
        var previous: Int64?
        for span in spans {
            if let previous {
                writer.write(UInt64(bitPattern: span.index &- previous))
            } else {
                writer.write(signed: span.index)
            }
            previous = span.index
            writer.write(UInt64(bitPattern: span.sum.count))
            span.sum.sum.encode(into: &writer)
        }
    }

    init(halfLife: EventDuration, from reader: inout StateReader) throws(AggregateError) {
        self.init(halfLife: halfLife)
        for _ in 0..<(try reader.readCount()) {
            let index: Int64
            if let last = spans.last {
                let distance: UInt64 = try reader.readUnsigned()
                index = last.index &+ Int64(bitPattern: distance)
                guard index > last.index else {
                    throw reader.corrupt("half-lives are out of order")
                }
            } else {
                index = try reader.readSigned()
            }
            let sum = try RunningSum(from: &reader, isInteger: false)
            guard sum.count > 0 else { throw reader.corrupt("a half-life has no values") }
            spans.append(Span(index: index, sum: sum))
        }
    }
}
