public import Definitions
public import Values

/// Everything the point-in-time join and the lookup need for one service.
public struct ServicePlan: Hashable, Sendable {
    /// The project's name.
    public let project: String
    /// The service's name.
    public let name: String
    /// The distinct uses of views.
    public let lookups: [Lookup]
    /// The columns that the caller brings along.
    public let request: [Field]
    /// The features in the service's order.
    public let features: [ServiceFeature]
    /// The derived features in the order in which they can be computed.
    public let derived: [DerivedFeature]
    /// What is said about it for people; part of no digest.
    public var annotations = Annotations()

    /// Makes a service plan.
    public init(
        project: String, name: String, lookups: [Lookup], request: [Field],
        features: [ServiceFeature], derived: [DerivedFeature]
    ) {
        self.project = project
        self.name = name
        self.lookups = lookups
        self.request = request
        self.features = features
        self.derived = derived
    }
}

extension ServicePlan {
    /// The identity of everything the service gives, in its order; a model pins this list.
    public var digests: [FeatureDigest] { features.map(\.digest) + derived.map(\.digest) }

    /// The identity of the service as a whole: the list of digests, and for whom each is asked.
    ///
    /// The list alone does not tell the weather at the origin from that at the destination.
    public var identity: FeatureDigest {
        var text = CanonicalText("service", version: ViewIdentity.textVersion)
        for feature in features {
            text.add("feature", feature.digest.description)
            for column in lookups[feature.lookup].roleColumns { text.add("for", column) }
        }
        for feature in derived { text.add("derived", feature.digest.description) }
        return FeatureDigest(ofCanonicalText: text.text)
    }
}
