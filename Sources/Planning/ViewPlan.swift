public import Definitions
public import Expressions
public import Values

/// A feature view, checked and compiled: all that any engine needs to compute it.
public struct ViewPlan: Hashable, Sendable {
    /// The view's name.
    public let name: String
    /// The name of the entity that the features describe.
    public let entity: String
    /// The entity's join keys, in the entity's order.
    public let keys: [KeyPart]
    /// What is read.
    public let source: SourcePlan
    /// Which rows count: those of `where` that no expectation sets aside; removed rows are as if
    /// they had never been.
    public let filter: TypedExpression?
    /// The part of `filter` that the view's own expectations do not add: which rows they check.
    public let checkedFilter: TypedExpression?
    /// When a row counts at all.
    public let admission: Admission
    /// How the view reaches the online store.
    public let refresh: Refresh
    /// Beyond this age every value is null; nil = for ever valid.
    public let ttl: EventDuration?
    /// All features of the view, in the written order.
    public let features: ViewFeatures
    /// What the rows that count for the view are expected to be.
    public let expectations: [Expectation]
    /// What is said about it for people; part of no digest.
    public var annotations = Annotations()

    /// Makes a view plan.
    public init(
        name: String, entity: String, keys: [KeyPart], source: SourcePlan,
        filter: TypedExpression?, admission: Admission, refresh: Refresh, ttl: EventDuration?,
        features: ViewFeatures, expectations: [Expectation] = [],
        checkedFilter: TypedExpression?? = nil
    ) {
        self.name = name
        self.entity = entity
        self.keys = keys
        self.source = source
        self.filter = filter
        self.admission = admission
        self.refresh = refresh
        self.ttl = ttl
        self.features = features
        self.expectations = expectations
        self.checkedFilter = checkedFilter ?? filter
    }
}

extension ViewPlan {
    /// The view whose rows its own expectations check: those that count but for them.
    public var beforeExpectations: ViewPlan {
        ViewPlan(
            name: name, entity: entity, keys: keys, source: source, filter: checkedFilter,
            admission: admission, refresh: refresh, ttl: ttl, features: features)
    }
}
