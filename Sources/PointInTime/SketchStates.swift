import Aggregates
import Columns
import Values

// Window states of the aggregates that keep several things. All of them can take rows away again,
// because they keep what the mergeable states throw away, for one entity's window at a time.

/// `quantile(x, q)` over the places of values.
struct RunningQuantile: RunningAggregate {
    let quantile: Quantile
    private var counts = BucketCounts()

    init(quantile: Quantile) { self.quantile = quantile }

    mutating func reset() { counts.reset() }
    mutating func add(_ index: Int32) { counts.add(index) }
    mutating func remove(_ index: Int32) { counts.remove(index) }
    var result: Double? { QuantileSketch(counts).value(at: quantile) }
}

/// `histogram(x, edges)` over the bins of values.
struct HistogramState: WindowState, ~Copyable {
    private let nulls: NullRows
    private let bins: FixedValues<Int32>
    private var counts: HistogramCounts
    private var elements: FixedValuesBuilder<Int64>
    private var offsets: FixedValuesBuilder<Int32>
    private var validity: BitmapBuilder

    init(input: Column, edges: HistogramEdges, queries: Int) {
        let values = input.numbersAsDoubles
        var bins = FixedValuesBuilder<Int32>(capacity: input.count)
        for row in 0..<input.count { bins.append(Int32(edges.bin(of: values[row]))) }
        self.bins = bins.finish()
        nulls = NullRows(of: input)
        counts = HistogramCounts(bins: edges.binCount)
        elements = FixedValuesBuilder(capacity: queries)
        offsets = FixedValuesBuilder(capacity: queries + 1)
        validity = BitmapBuilder(capacity: queries)
        offsets.append(0)
    }

    mutating func reset() { counts.reset() }

    mutating func enter(position: Int, row: Int) {
        if !nulls[row] { counts.add(Int(bins[row])) }
    }

    mutating func leave(position: Int, row: Int) {
        if !nulls[row] { counts.remove(Int(bins[row])) }
    }

    mutating func emit(lowest: Int) {
        validity.append(!counts.isEmpty)
        if !counts.isEmpty {
            for count in counts.counts { elements.append(count) }
        }
        offsets.append(Int32(elements.count))
    }

    consuming func finish() -> Column {
        let offsets = self.offsets.finish()
        let elements = self.elements.finish()
        return Column(
            type: .list(.int64), count: offsets.count - 1,
            storage: .list(
                offsets: offsets,
                elements: Column(type: .int64, count: elements.count, storage: .int64(elements))),
            validity: validity.finish())
    }
}

/// `decayed_sum(x, half_life)`, asked as of each query's time.
struct DecayedState: WindowState, ~Copyable {
    private let nulls: NullRows
    private let values: FixedValues<Double>
    private let times: FixedValues<Int64>
    private let seen: FixedValues<Int64>
    private var sums: DecayedSums
    private var results: FixedValuesBuilder<Double>
    private var validity: BitmapBuilder

    /// - Parameters:
    ///   - input: the values.
    ///   - halfLife: after how long a value weighs half as much.
    ///   - times: when each row happened.
    ///   - seen: when each query asks, in the order in which they are emitted.
    init(
        input: Column, halfLife: EventDuration, times: FixedValues<Int64>, seen: FixedValues<Int64>
    ) {
        nulls = NullRows(of: input)
        values = input.numbersAsDoubles
        self.times = times
        self.seen = seen
        sums = DecayedSums(halfLife: halfLife)
        results = FixedValuesBuilder(capacity: seen.count)
        validity = BitmapBuilder(capacity: seen.count)
    }

    mutating func reset() { sums.reset() }

    mutating func enter(position: Int, row: Int) {
        if nulls[row] { return }
        sums.add(values[row], at: EventTime(microseconds: times[position]))
    }

    mutating func leave(position: Int, row: Int) {
        if nulls[row] { return }
        sums.remove(values[row], at: EventTime(microseconds: times[position]))
    }

    mutating func emit(lowest: Int) {
        let result = sums.value(at: EventTime(microseconds: seen[results.count]))
        results.append(result ?? 0)
        validity.append(result != nil)
    }

    consuming func finish() -> Column {
        let results = self.results.finish()
        return Column(
            type: .double, count: results.count, storage: .double(results),
            validity: validity.finish())
    }
}

/// `top(x, n)`: the rows of each entity are ranked once, the window is a set of ranks.
struct TopState: WindowState, ~Copyable {
    private let input: Column
    private let nulls: NullRows
    /// The rank of each row among those of its entity, counted from the partition's first row; the
    /// greatest value has the least.
    private let ranks: FixedValues<Int32>
    /// The row of each rank.
    private let ranked: [Int32]
    private var window: RankSet
    private var picks: ListPick

    init(
        input: Column, order: some RowOrder, starts: [Int], limit: Int, queries: Int
    ) {
        var ranked = (0..<input.count).map { Int32($0) }
        for entity in 0..<(starts.count - 1) {
            ranked[starts[entity]..<starts[entity + 1]].sort { order.precedes($1, $0) }
        }
        var ranks = [Int32](repeating: 0, count: ranked.count)
        for (rank, row) in ranked.enumerated() { ranks[Int(row)] = Int32(rank) }
        self.input = input
        self.ranks = FixedValues(ranks)
        self.ranked = ranked
        nulls = NullRows(of: input)
        window = RankSet(capacity: input.count)
        picks = ListPick(limit: limit, queries: queries)
    }

    mutating func reset() { window.removeAll() }

    mutating func enter(position: Int, row: Int) {
        if !nulls[row] { window.insert(Int(ranks[row])) }
    }

    mutating func leave(position: Int, row: Int) {
        if !nulls[row] { window.remove(Int(ranks[row])) }
    }

    mutating func emit(lowest: Int) {
        var count = 0
        var next = window.first(from: 0)
        while let rank = next, count < picks.limit {
            picks.add(ranked[rank])
            count += 1
            next = window.first(from: rank + 1)
        }
        picks.endQuery()
    }

    consuming func finish() -> Column { picks.column(of: input) }
}

extension Column {
    /// The numbers of a column as doubles, integers and decimals rounded to nearest even.
    var numbersAsDoubles: FixedValues<Double> {
        if type.isFloatingPoint { return widenedDoubles }
        var builder = FixedValuesBuilder<Double>(capacity: count)
        if case .int128(let digits) = storage {
            for row in 0..<count { builder.append(decimal(digits[row]).double) }
        } else {
            let values = widenedIntegers
            for row in 0..<count { builder.append(Double(values[row])) }
        }
        return builder.finish()
    }

    /// The number with these digits in a column of decimals.
    private func decimal(_ digits: Int128) -> Decimal128 {
        guard case .decimal(_, let scale) = type else {
            preconditionFailure("not a column of decimals")
        }
        return Decimal128(unscaled: digits, scale: scale)
    }

    /// What the values are told apart by: `Scalar.valueHash` of each row; anything where it is null.
    var valueHashes: FixedValues<UInt64> {
        switch storage {
        case .bits(let bits): hashes { hash64(ofWord: bits[$0] ? 1 : 0) }
        case .int32(let values): hashes { hash64(ofWord: UInt64(bitPattern: Int64(values[$0]))) }
        case .int64(let values): hashes { hash64(ofWord: UInt64(bitPattern: values[$0])) }
        case .float(let values): hashes { hash64(ofWord: Double(values[$0]).canonical.bitPattern) }
        case .double(let values): hashes { hash64(ofWord: values[$0].canonical.bitPattern) }
        case .bytes(let values):
            hashes { unsafe values.withBytes(at: $0) { unsafe hash64($0) } }
        case .int128(let values): hashes { decimal(values[$0]).valueHash }
        case .none, .list: preconditionFailure("values of type \(type) have no hash")
        }
    }

    private func hashes(_ hash: (Int) -> UInt64) -> FixedValues<UInt64> {
        var builder = FixedValuesBuilder<UInt64>(capacity: count)
        for row in 0..<count { builder.append(hash(row)) }
        return builder.finish()
    }
}
