public import Expressions

/// A feature computed at asking time from other features and request data.
public struct DerivedFeature: Hashable, Sendable {
    /// The output column.
    public let name: String
    /// The value, over output columns of the service, request columns and derived ones above.
    public let expression: TypedExpression
    /// The feature's identity.
    public let digest: FeatureDigest
    /// The text that the digest is taken of; empty when the feature was put together by hand.
    public let canonicalText: String

    /// Makes a derived feature.
    public init(
        name: String, expression: TypedExpression, digest: FeatureDigest, canonicalText: String = ""
    ) {
        self.name = name
        self.expression = expression
        self.digest = digest
        self.canonicalText = canonicalText
    }
}
