public import Values

/// What turns the values of many rows into one.
public enum AggregateFunction: Hashable, Sendable {
    /// `count()` counts rows, `count(x)` values that are not null.
    case count
    case sum
    case mean
    /// The sample variance.
    case variance
    /// The sample standard deviation.
    case stddev
    case min
    case max
    /// The oldest value that is not null.
    case first
    /// The newest value that is not null.
    case last
    /// `first(x, n)`: the oldest values that are not null, as a list, oldest first.
    case firstValues(Int)
    /// `last(x, n)`: the newest values that are not null, as a list, oldest first.
    case lastValues(Int)
    /// How many different values there are: exact up to 256, else an estimate.
    case distinct
    /// `distinct_exact(x, cap)`: how many different values there are, at most `cap`.
    case distinctExact(cap: Int)
    /// `quantile(x, q)`: the value at which a share of all values stands, within 1/128.
    case quantile(Quantile)
    /// `top(x, n)`: the greatest values, as a list, greatest first.
    case top(Int)
    /// `histogram(x, edges)`: how many values lie between the edges, as a list.
    case histogram(HistogramEdges)
    /// `decayed_sum(x, half_life)`: the sum of values that weigh half as much each half-life later.
    case decayedSum(halfLife: EventDuration)
}

extension AggregateFunction {
    /// The names of the definition language.
    public static let allNames = [
        "count", "sum", "mean", "variance", "stddev", "min", "max", "first", "last", "distinct",
        "distinct_exact", "quantile", "top", "histogram", "decayed_sum",
    ]

    /// The greatest n of `first(x, n)`, `last(x, n)` and `top(x, n)`.
    public static let greatestListLength = 10_000

    /// The greatest cap of `distinct_exact(x, cap)`.
    public static let greatestCap = 10_000

    /// How many half-lives a window of `decayed_sum` may have: what is older weighs nothing.
    public static let greatestHalfLives: Int64 = 500

    /// The function called `name` in the definition language that takes one argument or none; nil
    /// for an unknown name and a function that needs more.
    public init?(name: String) {
        let plain: [AggregateFunction] = [
            .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last, .distinct,
        ]
        guard let function = plain.first(where: { $0.name == name }) else { return nil }
        self = function
    }

    /// The name in the definition language, without what stands behind the argument.
    public var name: String {
        switch self {
        case .count: "count"
        case .sum: "sum"
        case .mean: "mean"
        case .variance: "variance"
        case .stddev: "stddev"
        case .min: "min"
        case .max: "max"
        case .first, .firstValues: "first"
        case .last, .lastValues: "last"
        case .distinct: "distinct"
        case .distinctExact: "distinct_exact"
        case .quantile: "quantile"
        case .top: "top"
        case .histogram: "histogram"
        case .decayedSum: "decayed_sum"
        }
    }

    /// The n of `first(x, n)`, `last(x, n)` and `top(x, n)`; nil for everything else.
    public var length: Int? {
        switch self {
        case .firstValues(let length), .lastValues(let length), .top(let length): length
        default: nil
        }
    }

    /// The most elements of the list that it gives; nil when it gives no list.
    public var greatestListCount: Int? {
        if case .histogram(let edges) = self { return edges.binCount }
        return length
    }

    /// Whether it must have an argument; `count` may have one.
    public var requiresArgument: Bool { self != .count }

    /// Whether rows can be taken away from its state again, exactly.
    public var isInvertible: Bool {
        switch self {
        case .count, .sum, .mean, .variance, .stddev, .histogram, .decayedSum: true
        case .min, .max, .first, .last, .firstValues, .lastValues, .distinct, .distinctExact,
            .quantile, .top:
            false
        }
    }

    /// Whether its value depends on when it is asked, not only on the rows that are seen.
    public var dependsOnAskingTime: Bool {
        if case .decayedSum = self { true } else { false }
    }

    /// Its value without any row.
    public var valueOfNothing: Scalar {
        switch self {
        case .count, .distinct, .distinctExact: .integer(0)
        default: .null
        }
    }
}

extension AggregateFunction: CustomStringConvertible {
    /// The canonical text for digests: the name, with what stands behind the argument in brackets.
    public var description: String { parameterText.map { "\(name)[\($0)]" } ?? name }
}
