public import Aggregates
public import Expressions
public import Values

/// An aggregate over the visible rows of one window.
public struct AggregateFeature: Hashable, Sendable {
    /// The feature's name within its view, with the window's suffix if it has one.
    public let name: String
    /// What is computed.
    public let function: AggregateFunction
    /// The argument, over the columns of the source; nil for `count()`.
    public let input: TypedExpression?
    /// Which rows count, besides the view's own filter.
    public let filter: TypedExpression?
    /// How far back it looks.
    public let window: Window
    /// The type of the result.
    public let type: DataType
    /// The feature's identity.
    public let digest: FeatureDigest
    /// The text that the digest is taken of; empty when the feature was put together by hand.
    public let canonicalText: String

    /// Makes an aggregate feature.
    public init(
        name: String, function: AggregateFunction, input: TypedExpression?,
        filter: TypedExpression?, window: Window, type: DataType, digest: FeatureDigest,
        canonicalText: String = ""
    ) {
        self.name = name
        self.function = function
        self.input = input
        self.filter = filter
        self.window = window
        self.type = type
        self.digest = digest
        self.canonicalText = canonicalText
    }
}
