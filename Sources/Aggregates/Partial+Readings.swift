package import Values

// One state answers several aggregates: the moments of a variance hold the sum and the count of a
// mean, the last five values hold the last one. So aggregates of the same values share a state.

extension AggregateFunction {
    /// Which functions can share a state: those of one family, over the same values.
    package enum Family: Hashable, Sendable {
        case counts, numbers, integerSums, minima, maxima, oldest, newest
    }

    /// The family over values of `inputType`; nil stands for rows.
    package func family(inputType: DataType?) -> Family {
        switch self {
        case .count: inputType?.isNumeric == true ? .numbers : .counts
        // A sum of integers must be exact to the last digit, which a mean does not keep readable.
        case .sum: inputType?.isInteger == true ? .integerSums : .numbers
        case .mean, .variance, .stddev: .numbers
        case .min: .minima
        case .max: .maxima
        case .first, .firstValues: .oldest
        case .last, .lastValues: .newest
        }
    }

    /// The function whose state answers this one and `other`, both of one family.
    package func sharing(with other: AggregateFunction) -> AggregateFunction {
        let longer = Swift.max(length ?? 1, other.length ?? 1)
        switch self {
        case .first, .firstValues: return longer == 1 ? .first : .firstValues(longer)
        case .last, .lastValues: return longer == 1 ? .last : .lastValues(longer)
        case .min, .max: return self
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
    /// The value of `function`, which must be of this state's family and not richer.
    package func finalise(as function: AggregateFunction) -> Scalar {
        if function == self.function { return finalise() }
        switch (state, function) {
        case (.integerSum(let sum), .count): return .integer(sum.value.count)
        case (.sum(let sum), _): return Self.finalise(sum.value, as: function)
        case (.moments(let moments), .stddev):
            return moments.value.standardDeviation.map(Scalar.double) ?? .null
        case (.moments(let moments), .variance):
            return moments.value.variance.map(Scalar.double) ?? .null
        case (.moments(let moments), _):
            var sum = RunningSum()
            sum.count = moments.value.count
            sum.sum = moments.value.sum
            return Self.finalise(sum, as: function)
        case (.rows(let kept), _): return Self.finalise(kept.rows, as: function)
        default: preconditionFailure("a state of \(self.function) does not answer \(function)")
        }
    }

    private static func finalise(_ sum: RunningSum, as function: AggregateFunction) -> Scalar {
        switch function {
        case .count: .integer(sum.count)
        case .sum: sum.value.map(Scalar.double) ?? .null
        default: sum.mean.map(Scalar.double) ?? .null
        }
    }

    private static func finalise(
        _ rows: [RankedValue], as function: AggregateFunction
    ) -> Scalar {
        if rows.isEmpty { return .null }
        switch function {
        case .first: return rows.first?.value ?? .null
        case .last: return rows.last?.value ?? .null
        case .firstValues(let length): return .list(rows.prefix(length).map(\.value))
        default: return .list(rows.suffix(function.length ?? 1).map(\.value))
        }
    }
}
