/// A named feature of a view.
public struct FeatureDefinition: Hashable, Sendable {
    /// The feature's name, without the suffixes of a list of windows.
    public var name: Name
    /// What it is.
    public var body: FeatureBody

    /// Makes a feature.
    public init(name: Name, body: FeatureBody) {
        self.name = name
        self.body = body
    }
}

/// What a feature is: a value of the newest row, or an aggregate of many.
public enum FeatureBody: Hashable, Sendable {
    /// An expression over the newest row.
    case latest(ExpressionText)
    /// An aggregate.
    case aggregate(AggregateDefinition)
}
