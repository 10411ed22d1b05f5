package import Values

// One state answers several aggregates: the moments of a variance hold the sum and the count of a
// mean, the last five values hold the last one. So aggregates of the same values share a state.

extension AggregateFunction {
    /// Which functions can share a state: those of one family, over the same values.
    package enum Family: Hashable, Sendable {
        case counts, numbers, integerSums, minima, maxima, oldest, newest
        case distinct, smallestHashes, quantiles, greatest
        case histogram(HistogramEdges)
        case decayed(halfLife: EventDuration)
    }

    /// The family over values of `inputType`; nil stands for rows.
    package func family(inputType: DataType?) -> Family {
        switch self {
        case .count:
            inputType?.isNumeric == true || inputType?.isDecimal == true ? .numbers : .counts
        // A sum of integers must be exact to the last digit, which a mean does not keep readable.
        case .sum: inputType?.isInteger == true ? .integerSums : .numbers
        case .mean, .variance, .stddev: .numbers
        case .min: .minima
        case .max: .maxima
        case .first, .firstValues: .oldest
        case .last, .lastValues: .newest
        case .distinct: .distinct
        case .distinctExact: .smallestHashes
        case .quantile: .quantiles
        case .top: .greatest
        case .histogram(let edges): .histogram(edges)
        case .decayedSum(let halfLife): .decayed(halfLife: halfLife)
        }
    }

    /// The function whose state answers this one and `other`, both of one family.
    package func sharing(with other: AggregateFunction) -> AggregateFunction {
        let longer = Swift.max(length ?? 1, other.length ?? 1)
        switch self {
        case .first, .firstValues: return longer == 1 ? .first : .firstValues(longer)
        case .last, .lastValues: return longer == 1 ? .last : .lastValues(longer)
        case .top: return .top(longer)
        case .distinctExact(let cap):
            guard case .distinctExact(let other) = other else { return self }
            return .distinctExact(cap: Swift.max(cap, other))
        case .min, .max, .distinct, .quantile, .histogram, .decayedSum: return self
        case .count, .sum, .mean, .variance, .stddev:
            return richness >= other.richness ? self : other
        }
    }

    private var richness: Int {
        switch self {
        case .count: 0
        case .sum: 1
        case .mean: 2
        default: 3
        }
    }
}

extension Partial {
    /// The value of `function`, which must be of this state's family and not richer, as of `time`,
    /// which only functions that depend on it look at.
    package func finalise(as function: AggregateFunction, at time: EventTime) -> Scalar {
        value(of: function, at: time)
    }

    /// The value of `function`, which must be of this state's family, not richer, and must not
    /// depend on when it is asked.
    package func finalise(as function: AggregateFunction) -> Scalar {
        precondition(!function.dependsOnAskingTime, "\(function) is asked as of a time")
        return value(of: function, at: .distantFuture)
    }

    func value(of function: AggregateFunction, at time: EventTime) -> Scalar {
        switch (state, function) {
        case (.count(let count), .count): return .integer(count.value)
        case (.integerSum(let sum), .count): return .integer(sum.value.count)
        case (.integerSum(let sum), .sum): return sum.value.value.map(Scalar.integer) ?? .null
        case (.decimalSum(let sum), _): return value(of: sum.value, function)
        case (.sum(let sum), _): return Self.value(of: sum.value, function)
        case (.moments(let moments), _): return Self.value(of: moments.value, function)
        case (.extreme(let value), _): return value
        case (.rows(let kept), _): return Self.value(of: kept.rows, function)
        case (.distinct(let sketch), .distinct): return .integer(sketch.value.count)
        case (.smallest(let hashes), .distinctExact(let cap)):
            return .integer(Int64(Swift.min(hashes.value.count, cap)))
        case (.quantiles(let sketch), .quantile(let quantile)):
            return sketch.value.value(at: quantile).map(Scalar.double) ?? .null
        case (.greatest(let kept), .top(let length)):
            let values = kept.value.values.prefix(length)
            return values.isEmpty ? .null : .list(Array(values))
        case (.histogram(let counts), .histogram):
            return counts.value.isEmpty ? .null : .list(counts.value.counts.map(Scalar.integer))
        case (.decayed(let sums), .decayedSum):
            return sums.value.value(at: time).map(Scalar.double) ?? .null
        default: preconditionFailure("a state of \(self.function) does not answer \(function)")
        }
    }

    /// The value of `function` over decimals of the input's scale.
    private func value(of sum: RunningDecimalSum, _ function: AggregateFunction) -> Scalar {
        guard case .decimal(_, let scale) = inputType else {
            preconditionFailure("a sum of decimals of no scale")
        }
        switch function {
        case .count: return .integer(sum.count)
        case .mean: return sum.mean(scale: scale).map(Scalar.double) ?? .null
        default:
            return sum.value.map { .decimal(Decimal128(unscaled: $0, scale: scale)) } ?? .null
        }
    }

    private static func value(of sum: RunningSum, _ function: AggregateFunction) -> Scalar {
        switch function {
        case .count: .integer(sum.count)
        case .sum: sum.value.map(Scalar.double) ?? .null
        default: sum.mean.map(Scalar.double) ?? .null
        }
    }

    private static func value(of moments: RunningMoments, _ function: AggregateFunction) -> Scalar {
        switch function {
        case .variance: return moments.variance.map(Scalar.double) ?? .null
        case .stddev: return moments.standardDeviation.map(Scalar.double) ?? .null
        default:
            var sum = RunningSum()
            sum.count = moments.count
            sum.sum = moments.sum
            return value(of: sum, function)
        }
    }

    private static func value(of rows: [RankedValue], _ function: AggregateFunction) -> Scalar {
        if rows.isEmpty { return .null }
        switch function {
        case .first: return rows.first?.value ?? .null
        case .last: return rows.last?.value ?? .null
        case .firstValues(let length): return .list(rows.prefix(length).map(\.value))
        default: return .list(rows.suffix(function.length ?? 1).map(\.value))
        }
    }
}
