public import Values

/// The ordered list of features that one model uses, as written.
public struct ServiceDefinition: Hashable, Sendable {
    /// The service's name.
    public var name: Name
    /// The columns that the caller brings along.
    public var request: [ColumnDefinition]
    /// The features, in their order.
    public var items: [ServiceItem]
    /// The derived features, each over what stands above it.
    public var derived: [NamedExpression]
    /// For people.
    public var annotations: Annotations

    /// Makes a service.
    public init(
        name: Name, request: [ColumnDefinition] = [], items: [ServiceItem],
        derived: [NamedExpression] = [], annotations: Annotations = Annotations()
    ) {
        self.name = name
        self.request = request
        self.items = items
        self.derived = derived
        self.annotations = annotations
    }
}

/// `VIEW.FEATURE [for KEY = COLUMN {, KEY = COLUMN}] [as NAME]`, or `VIEW.*`, parsed.
public struct ServiceItem: Hashable, Sendable {
    /// The view.
    public var view: Name
    /// The feature; nil for all of the view.
    public var feature: Name?
    /// The spine's columns for the entity's keys in this role; empty for the plain use.
    public var role: [KeyBinding]
    /// The output's name, or the prefix for all features of a view.
    public var alias: Name?

    /// Makes a service item.
    public init(view: Name, feature: Name?, role: [KeyBinding] = [], alias: Name? = nil) {
        self.view = view
        self.feature = feature
        self.role = role
        self.alias = alias
    }

    /// The place of the whole item.
    public var location: SourceLocation { view.location }
}
