public import Planning
public import Values

/// What a project's definitions mean, as far as a registry keeps it: what can be asked for, of
/// which type, and the identity of every number.
public struct AppliedProject: Hashable, Sendable {
    /// The project's name.
    public var name: String
    /// The entities, in the written order.
    public var entities: [AppliedEntity]
    /// The views, in the written order.
    public var views: [AppliedView]
    /// The services, in the written order.
    public var services: [AppliedService]

    /// Puts a project together.
    public init(
        name: String, entities: [AppliedEntity], views: [AppliedView], services: [AppliedService]
    ) {
        self.name = name
        self.entities = entities
        self.views = views
        self.services = services
    }
}

/// An entity and its join keys.
public struct AppliedEntity: Hashable, Sendable {
    /// The entity's name.
    public var name: String
    /// The join keys, in the declared order.
    public var keys: [Field]

    /// Puts an entity together.
    public init(name: String, keys: [Field]) {
        self.name = name
        self.keys = keys
    }
}

/// A view and its features.
public struct AppliedView: Hashable, Sendable {
    /// The view's name.
    public var name: String
    /// The entity that the features describe.
    public var entity: String
    /// The features, in the written order.
    public var features: [AppliedFeature]

    /// Puts a view together.
    public init(name: String, entity: String, features: [AppliedFeature]) {
        self.name = name
        self.entity = entity
        self.features = features
    }
}

/// A feature of a view.
public struct AppliedFeature: Hashable, Sendable {
    /// The feature's name within its view.
    public var name: String
    /// The type of its values.
    public var type: DataType
    /// Its identity.
    public var digest: FeatureDigest
    /// The text that the digest is taken of.
    public var canonicalText: String

    /// Puts a feature together.
    public init(name: String, type: DataType, digest: FeatureDigest, canonicalText: String) {
        self.name = name
        self.type = type
        self.digest = digest
        self.canonicalText = canonicalText
    }
}

/// A service: what one model asks for.
public struct AppliedService: Hashable, Sendable {
    /// The service's name.
    public var name: String
    /// The identity of the service as a whole.
    public var identity: FeatureDigest
    /// The columns that the caller brings along.
    public var request: [Field]
    /// Everything the service gives, in its order, wildcards expanded.
    public var outputs: [AppliedOutput]

    /// Puts a service together.
    public init(
        name: String, identity: FeatureDigest, request: [Field], outputs: [AppliedOutput]
    ) {
        self.name = name
        self.identity = identity
        self.request = request
        self.outputs = outputs
    }

    /// The ordered list that a model pins.
    public var digests: [FeatureDigest] { outputs.map(\.digest) }
}

/// One column that a service gives.
public struct AppliedOutput: Hashable, Sendable {
    /// The column's name.
    public var column: String
    /// The type of its values.
    public var type: DataType
    /// The identity of the feature or of the derived feature.
    public var digest: FeatureDigest
    /// The feature it is, as `view.feature`; nil for a derived feature.
    public var origin: String?
    /// The text that a derived feature's digest is taken of; nil for a feature of a view.
    public var canonicalText: String?

    /// Puts an output together.
    public init(
        column: String, type: DataType, digest: FeatureDigest, origin: String?,
        canonicalText: String? = nil
    ) {
        self.column = column
        self.type = type
        self.digest = digest
        self.origin = origin
        self.canonicalText = canonicalText
    }
}

/// A definition file as it was applied.
public struct AppliedFile: Hashable, Sendable {
    /// The path from the project folder.
    public var path: String
    /// The text, lines ended by line feeds.
    public var text: String

    /// Puts a file together.
    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
