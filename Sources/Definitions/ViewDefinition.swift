public import Values

/// Features of one entity, computed from one source.
public struct ViewDefinition: Hashable, Sendable {
    /// The view's name.
    public var name: Name
    /// The entity that the features describe.
    public var entity: Name
    /// The source they are computed from.
    public var source: Name
    /// The entity's keys in the source's words; keys that are not here keep their name.
    public var keys: [KeyBinding]
    /// How the view reaches the online store.
    public var refresh: Located<RefreshDefinition>
    /// Which rows count.
    public var filter: ExpressionText?
    /// The features, in the written order.
    public var features: [FeatureDefinition]
    /// Which windows of lists have the plain names of their features.
    public var kept: [KeptName]
    /// Beyond this age a value is null.
    public var ttl: Located<EventDuration>?
    /// How late a row may become known.
    public var lateness: Located<LatenessDefinition>?
    /// How early a row may become known.
    public var maxAhead: Located<EventDuration>?
    /// How much longer training waits than known-at.
    public var visibleDelay: Located<EventDuration>?
    /// What the rows that count for it are expected to be.
    public var expectations: [ExpectationDefinition]
    /// For people.
    public var annotations: Annotations

    /// Makes a view.
    public init(
        name: Name, entity: Name, source: Name, keys: [KeyBinding] = [],
        refresh: Located<RefreshDefinition>, filter: ExpressionText? = nil,
        features: [FeatureDefinition], kept: [KeptName] = [],
        ttl: Located<EventDuration>? = nil,
        lateness: Located<LatenessDefinition>? = nil, maxAhead: Located<EventDuration>? = nil,
        visibleDelay: Located<EventDuration>? = nil,
        expectations: [ExpectationDefinition] = [], annotations: Annotations = Annotations()
    ) {
        self.name = name
        self.entity = entity
        self.source = source
        self.keys = keys
        self.refresh = refresh
        self.filter = filter
        self.features = features
        self.kept = kept
        self.ttl = ttl
        self.lateness = lateness
        self.maxAhead = maxAhead
        self.visibleDelay = visibleDelay
        self.expectations = expectations
        self.annotations = annotations
    }
}

/// An entity's key and the column that holds it: of a source, or of a spine in a role.
public struct KeyBinding: Hashable, Sendable {
    /// The entity's name for the key.
    public var key: Name
    /// The column that holds it.
    public var column: Name

    /// Makes a binding.
    public init(key: Name, column: Name) {
        self.key = key
        self.column = column
    }
}

/// A window of a feature's list that has the feature's plain name, without its suffix.
public struct KeptName: Hashable, Sendable {
    /// The feature.
    public var feature: Name
    /// The window.
    public var window: WindowDefinition

    /// Makes a kept name.
    public init(feature: Name, window: WindowDefinition) {
        self.feature = feature
        self.window = window
    }
}

/// How a view reaches the online store, as written.
public enum RefreshDefinition: Hashable, Sendable {
    /// Row by row.
    case stream
    /// Periodically, each time asked from `delay` after the cut on.
    case every(EventDuration, delay: EventDuration)
}

/// How late a row may become known, as written.
public enum LatenessDefinition: Hashable, Sendable {
    /// However late.
    case unlimited
    /// At most this long after its event time.
    case atMost(EventDuration)
}
