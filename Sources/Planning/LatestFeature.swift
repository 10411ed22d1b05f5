public import Expressions

/// A value of the newest visible row.
public struct LatestFeature: Hashable, Sendable {
    /// The feature's name within its view.
    public let name: String
    /// The value, over the columns of the source.
    public let expression: TypedExpression
    /// The feature's identity.
    public let digest: FeatureDigest
    /// The text that the digest is taken of; empty when the feature was put together by hand.
    public let canonicalText: String

    /// Makes a latest-value feature.
    public init(
        name: String, expression: TypedExpression, digest: FeatureDigest, canonicalText: String = ""
    ) {
        self.name = name
        self.expression = expression
        self.digest = digest
        self.canonicalText = canonicalText
    }
}
