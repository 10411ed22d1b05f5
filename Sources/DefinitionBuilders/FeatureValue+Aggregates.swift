extension FeatureValue {
    /// Any aggregate of the language by its name.
    public static func aggregate(_ name: String, _ arguments: String...) -> FeatureValue {
        FeatureValue("\(name)(\(arguments.joined(separator: ", ")))")
    }

    /// How many rows there are.
    public static func count() -> FeatureValue { aggregate("count") }
    /// How many values are not null.
    public static func count(_ input: String) -> FeatureValue { aggregate("count", input) }
    /// The sum.
    public static func sum(_ input: String) -> FeatureValue { aggregate("sum", input) }
    /// The arithmetic mean.
    public static func mean(_ input: String) -> FeatureValue { aggregate("mean", input) }
    /// The smallest value.
    public static func min(_ input: String) -> FeatureValue { aggregate("min", input) }
    /// The greatest value.
    public static func max(_ input: String) -> FeatureValue { aggregate("max", input) }
    /// The sample variance.
    public static func variance(_ input: String) -> FeatureValue { aggregate("variance", input) }
    /// The sample standard deviation.
    public static func stddev(_ input: String) -> FeatureValue { aggregate("stddev", input) }
    /// The oldest value that is not null.
    public static func first(_ input: String) -> FeatureValue { aggregate("first", input) }
    /// The newest value that is not null.
    public static func last(_ input: String) -> FeatureValue { aggregate("last", input) }

    /// The oldest values that are not null, oldest first.
    public static func first(_ input: String, count: Int) -> FeatureValue {
        aggregate("first", input, "\(count)")
    }

    /// The newest values that are not null, oldest first.
    public static func last(_ input: String, count: Int) -> FeatureValue {
        aggregate("last", input, "\(count)")
    }

    /// About how many distinct values there are.
    public static func distinct(_ input: String) -> FeatureValue { aggregate("distinct", input) }

    /// How many distinct values there are, exact up to `cap`.
    public static func distinctExact(_ input: String, cap: Int) -> FeatureValue {
        aggregate("distinct_exact", input, "\(cap)")
    }

    /// About the value below which the share `share`, from 0 to 1, of the values lies.
    public static func quantile(_ input: String, _ share: Double) -> FeatureValue {
        aggregate("quantile", input, "\(share)")
    }

    /// The greatest values, greatest first.
    public static func top(_ input: String, count: Int) -> FeatureValue {
        aggregate("top", input, "\(count)")
    }

    /// How many values lie between one edge and the next.
    public static func histogram(_ input: String, edges: [Double]) -> FeatureValue {
        let list = edges.map { "\($0)" }.joined(separator: ", ")
        return aggregate("histogram", input, "[\(list)]")
    }

    /// The sum of values that halve in weight with each `halfLife` that passes.
    public static func decayedSum(_ input: String, halfLife: Span) -> FeatureValue {
        aggregate("decayed_sum", input, halfLife.text)
    }
}
