import Values

// What stands behind the argument of an aggregate: constants, which are part of the function.

extension AggregateFunction {
    /// The kinds of constants behind an argument.
    public enum Parameter: Hashable, Sendable {
        /// `first(x, n)`, `last(x, n)`, `top(x, n)`
        case length
        /// `distinct_exact(x, cap)`
        case cap
        /// `quantile(x, q)`
        case share
        /// `histogram(x, [e1, e2, ...])`
        case edges
        /// `decayed_sum(x, half_life)`
        case halfLife

        /// What it must be, for messages.
        public var expected: String {
            switch self {
            case .length:
                "how many values to keep, a whole number from 1 to "
                    + "\(AggregateFunction.greatestListLength)"
            case .cap:
                "up to how many values to count, a whole number from 1 to "
                    + "\(AggregateFunction.greatestCap)"
            case .share: "a share from 0 to 1 with at most six decimals"
            case .edges:
                "the edges of the bins in brackets, 1 to \(HistogramEdges.greatestCount) numbers"
            case .halfLife: "a half-life such as `6h`"
            }
        }
    }

    /// What the function called `name` takes behind its argument; nil for nothing.
    public static func parameter(ofName name: String) -> Parameter? {
        switch name {
        case "first", "last", "top": .length
        case "distinct_exact": .cap
        case "quantile": .share
        case "histogram": .edges
        case "decayed_sum": .halfLife
        default: nil
        }
    }

    /// Whether the function called `name` cannot do without its constant.
    public static func requiresParameter(name: String) -> Bool {
        parameter(ofName: name) != nil && AggregateFunction(name: name) == nil
    }

    /// How the function called `name` is written, for hints.
    public static func form(ofName name: String, argument: String = "x") -> String {
        switch name {
        case "top": "top(\(argument), 5)"
        case "distinct_exact": "distinct_exact(\(argument), 1000)"
        case "quantile": "quantile(\(argument), 0.95)"
        case "histogram": "histogram(\(argument), [0, 10, 100])"
        case "decayed_sum": "decayed_sum(\(argument), 6h) over 7d"
        default: "\(name)(\(argument))"
        }
    }

    /// `first`, `last` or `top` of `length` values; nil for another name and a length that is not
    /// within 1 and `greatestListLength`.
    public init?(name: String, length: Int) {
        guard (1...Self.greatestListLength).contains(length) else { return nil }
        switch name {
        case "first": self = .firstValues(length)
        case "last": self = .lastValues(length)
        case "top": self = .top(length)
        default: return nil
        }
    }

    /// The constant behind the argument as the definition language spells it; nil without one.
    public var parameterText: String? {
        switch self {
        case .firstValues(let length), .lastValues(let length), .top(let length): "\(length)"
        case .distinctExact(let cap): "\(cap)"
        case .quantile(let quantile): quantile.description
        case .histogram(let edges): edges.description
        case .decayedSum(let halfLife): halfLife.description
        case .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last, .distinct: nil
        }
    }
}
