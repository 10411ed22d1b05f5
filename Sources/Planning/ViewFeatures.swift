import Expressions
public import Values

/// The features of a view, which is either latest values or aggregates, in the written order.
public enum ViewFeatures: Hashable, Sendable {
    /// Values of the newest visible row.
    case latest([LatestFeature])
    /// Aggregates of the visible rows.
    case aggregates([AggregateFeature])
}

extension ViewFeatures {
    /// The features' names in the written order.
    public var names: [String] {
        switch self {
        case .latest(let features): features.map(\.name)
        case .aggregates(let features): features.map(\.name)
        }
    }

    /// The features' types in the written order.
    public var types: [DataType] {
        switch self {
        case .latest(let features): features.map(\.expression.type)
        case .aggregates(let features): features.map(\.type)
        }
    }

    /// The features' digests in the written order.
    public var digests: [FeatureDigest] {
        switch self {
        case .latest(let features): features.map(\.digest)
        case .aggregates(let features): features.map(\.digest)
        }
    }

    /// How many features there are.
    public var count: Int {
        switch self {
        case .latest(let features): features.count
        case .aggregates(let features): features.count
        }
    }
}
