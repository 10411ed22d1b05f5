public import Planning

/// What differs between two states of a project's definitions, and what follows from it.
///
/// Pure: the applied state, the wanted one and the models that pin features go in.
public struct ProjectDifference: Hashable, Sendable {
    /// What was added, changed or removed: entities, views, features, services, in this order.
    public internal(set) var changes: [Change] = []
    /// What stops working for somebody.
    public internal(set) var breakages: [Breakage] = []
    /// Views that have features which no one computed yet.
    public internal(set) var fills: [Fill] = []

    /// Whether nothing differs.
    public var isEmpty: Bool { changes.isEmpty }

    /// The kinds of definitions.
    public enum Subject: String, Hashable, Sendable {
        /// An entity.
        case entity
        /// A view.
        case view
        /// A feature, named `view.feature`.
        case feature
        /// A service.
        case service
    }

    /// One thing that differs.
    public struct Change: Hashable, Sendable {
        /// What became of it.
        public enum Kind: String, Hashable, Sendable {
            /// It is wanted and not applied.
            case added
            /// It is both, and differs.
            case changed
            /// It is applied and no more wanted.
            case removed
        }

        /// What became of it.
        public var kind: Kind
        /// What it is.
        public var subject: Subject
        /// Its name.
        public var name: String
        /// What differs, one part each, for people; may be empty.
        public var details: [String]
    }

    /// A change that stops something from working.
    public struct Breakage: Hashable, Sendable {
        /// What breaks.
        public var subject: Subject
        /// Its name.
        public var name: String
        /// Why it breaks.
        public var reason: String
        /// Who relies on it, as `service NAME` or `model NAME`; empty when nobody is known.
        public var users: [String]
        /// What would save it.
        public var hint: String?
    }

    /// A view to materialize.
    public struct Fill: Hashable, Sendable {
        /// The view.
        public var view: String
        /// Its features without values yet.
        public var features: [String]
    }

    /// Compares.
    ///
    /// - Parameters:
    ///   - applied: what the registry holds; nil when nothing was ever applied.
    ///   - wanted: what the definitions say.
    ///   - models: the registered models, with the digests that they pin.
    public init(from applied: AppliedProject?, to wanted: AppliedProject, models: [PinnedModel]) {
        let empty = AppliedProject(name: wanted.name, entities: [], views: [], services: [])
        var comparison = ProjectComparison(
            old: applied ?? empty, new: wanted, models: models)
        comparison.compare()
        self = comparison.difference
    }

    init() {}
}

/// A model, as far as changes of features concern it.
public struct PinnedModel: Hashable, Sendable {
    /// The model's name.
    public var name: String
    /// The digests of the features that it was trained on.
    public var digests: [FeatureDigest]

    /// Puts a model together.
    public init(name: String, digests: [FeatureDigest]) {
        self.name = name
        self.digests = digests
    }
}
