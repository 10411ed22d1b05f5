public import Values

/// The mergeable state of one aggregate over some rows.
///
/// Merging is associative and commutative, and the state is a function of the multiset of rows
/// folded: any order and any split of the rows gives the same bytes and the same value. Two states
/// are equal when their bytes are.
public struct Partial: Sendable {
    /// What it computes.
    public let function: AggregateFunction
    /// The type of the values folded; nil for `count()`.
    public let inputType: DataType?
    var state: State

    /// The states that aggregates share.
    enum State: Sendable {
        case count(RunningCount)
        case integerSum(Boxed<RunningIntegerSum>)
        /// Of a sum and of a mean of decimals.
        case decimalSum(Boxed<RunningDecimalSum>)
        /// Of a sum of doubles and of every mean.
        case sum(Boxed<RunningSum>)
        case moments(Boxed<RunningMoments>)
        /// The least or the greatest value, null while there is none.
        case extreme(Scalar)
        case rows(RankedRows)
        case distinct(Boxed<DistinctSketch>)
        case smallest(Boxed<SmallestHashes>)
        case quantiles(Boxed<QuantileSketch>)
        case greatest(Boxed<GreatestValues>)
        case histogram(Boxed<HistogramCounts>)
        case decayed(Boxed<DecayedSums>)
    }

    /// Starts with no rows.
    ///
    /// - Throws: `unsuitableArgument` when `function` does not take values of type `inputType`.
    public init(
        _ function: AggregateFunction, inputType: DataType?
    ) throws(AggregateError) {
        _ = try function.resultType(of: inputType)
        self.function = function
        self.inputType = inputType
        state = .empty(function, inputType: inputType)
    }

    /// Goes back to no rows.
    public mutating func reset() {
        state = .empty(function, inputType: inputType)
    }
}

extension Partial.State {
    static func empty(_ function: AggregateFunction, inputType: DataType?) -> Partial.State {
        let isInteger = inputType?.isInteger ?? false
        let isDecimal = inputType?.isDecimal ?? false
        return switch function {
        case .count: .count(RunningCount())
        case .sum where isDecimal, .mean where isDecimal:
            .decimalSum(Boxed(RunningDecimalSum()))
        case .sum: isInteger ? .integerSum(Boxed(RunningIntegerSum())) : .sum(Boxed(RunningSum()))
        case .mean: .sum(Boxed(RunningSum(of: isInteger ? .integers : .doubles)))
        case .variance, .stddev: .moments(Boxed(isInteger ? .ofIntegers() : RunningMoments()))
        case .min, .max: .extreme(.null)
        case .first: .rows(RankedRows(keeping: .oldest, capacity: 1))
        case .last: .rows(RankedRows(keeping: .newest, capacity: 1))
        case .firstValues(let length): .rows(RankedRows(keeping: .oldest, capacity: length))
        case .lastValues(let length): .rows(RankedRows(keeping: .newest, capacity: length))
        case .distinct: .distinct(Boxed(DistinctSketch()))
        case .distinctExact(let cap): .smallest(Boxed(SmallestHashes(capacity: cap)))
        case .quantile: .quantiles(Boxed(QuantileSketch()))
        case .top(let length): .greatest(Boxed(GreatestValues(capacity: length)))
        case .histogram(let edges): .histogram(Boxed(HistogramCounts(bins: edges.binCount)))
        case .decayedSum(let halfLife): .decayed(Boxed(DecayedSums(halfLife: halfLife)))
        }
    }
}

extension Partial {
    /// Adds a row.
    ///
    /// Null values count for `count()` only. A value of another type than `inputType` is a
    /// programmer's error. Complexity: O(1); of what keeps several values O(what it keeps).
    public mutating func fold(value: Scalar, eventTime: EventTime, knownAt: EventTime) {
        if case .count(var count) = state {
            if inputType == nil || !value.isNull { count.add() }
            state = .count(count)
            return
        }
        if value.isNull { return }
        precondition(value.isOfType(inputType), "a value has another type than its aggregate")
        switch state {
        case .extreme(let kept):
            if replaces(kept, value) { state = .extreme(value.canonical) }
        case .rows:
            state.fold(
                RankedValue(eventTime: eventTime, knownAt: knownAt, value: value.canonical))
        case .count, .integerSum, .decimalSum, .sum, .moments: addNumber(value)
        case .distinct, .smallest: state.add(hash: value.valueHash)
        case .greatest: state.add(value: value.canonical)
        case .quantiles, .histogram, .decayed:
            state.add(number: value.number, at: eventTime, for: function)
        }
    }

    /// Adds all rows of `other`, which must be of the same function and type.
    public mutating func merge(_ other: Partial) {
        requireSameKind(other)
        switch other.state {
        case .extreme(let value):
            if case .extreme(let kept) = state, !value.isNull, replaces(kept, value) {
                state = other.state
            }
        case .rows(let others): state.merge(others)
        default: state.combine(other.state, .merge)
        }
    }

    /// Takes away all rows of `other`, which must have been folded; `function` must be invertible.
    public mutating func subtract(_ other: Partial) {
        requireSameKind(other)
        precondition(function.isInvertible, "\(function) cannot take rows away")
        state.combine(other.state, .subtract)
    }

    private func requireSameKind(_ other: Partial) {
        precondition(
            function == other.function && inputType == other.inputType,
            "states of different aggregates do not merge")
    }

    private mutating func addNumber(_ value: Scalar) {
        switch value {
        case .integer(let integer): state.add(integer)
        case .double(let double): state.add(double)
        case .decimal(let decimal): state.add(decimal: decimal.unscaled)
        default: preconditionFailure("sums take numbers")
        }
    }

    /// Whether `value` takes the place of `kept`, which is null at the beginning.
    private func replaces(_ kept: Scalar, _ value: Scalar) -> Bool {
        if kept.isNull { return true }
        let order = ValueOrder.compare(value, kept)
        return function == .max ? order > 0 : order < 0
    }
}

extension Partial {
    /// The value of the aggregate: 0 for counts without rows, else null without values.
    ///
    /// Null too when a sum of integers does not fit 64 bits, or one of decimals 38 digits;
    /// `overflows` tells. A function that `dependsOnAskingTime` has no value without a time: asking
    /// is a programmer's error.
    public func finalise() -> Scalar {
        precondition(!function.dependsOnAskingTime, "\(function) is asked as of a time")
        return value(of: function, at: .distantFuture)
    }

    /// The value of the aggregate as of `time`, which only some functions look at.
    public func finalise(at time: EventTime) -> Scalar { value(of: function, at: time) }

    /// Whether `finalise()` is null because a sum does not fit its type: a fault to count.
    public var overflows: Bool {
        switch state {
        case .integerSum(let sum): return sum.value.overflows
        case .decimalSum(let sum): return function == .sum && sum.value.overflows
        default: return false
        }
    }
}

extension Partial.State {
    /// Adds a row to a state of rows.
    fileprivate mutating func fold(_ row: RankedValue) {
        guard case .rows(var rows) = consume self else {
            preconditionFailure("a row has no place in this state")
        }
        rows.fold(row)
        self = .rows(rows)
    }

    /// Adds rows to a state of rows.
    fileprivate mutating func merge(_ others: RankedRows) {
        guard case .rows(var rows) = consume self else {
            preconditionFailure("rows have no place in this state")
        }
        rows.merge(others)
        self = .rows(rows)
    }
}

extension Partial: Hashable {
    /// Whether both have the same bytes.
    public static func == (left: Partial, right: Partial) -> Bool {
        left.encoded == right.encoded
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(encoded)
    }
}
