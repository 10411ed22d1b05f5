/// All that a project defines, as a person wrote it; names are not resolved yet.
public struct ProjectDefinition: Hashable, Sendable {
    /// The project's name.
    public var name: Name
    /// The entities, in the written order.
    public var entities: [EntityDefinition]
    /// The sources, in the written order.
    public var sources: [SourceDefinition]
    /// The views, in the written order.
    public var views: [ViewDefinition]
    /// The services, in the written order.
    public var services: [ServiceDefinition]

    /// Makes a project.
    public init(
        name: Name, entities: [EntityDefinition] = [], sources: [SourceDefinition] = [],
        views: [ViewDefinition] = [], services: [ServiceDefinition] = []
    ) {
        self.name = name
        self.entities = entities
        self.sources = sources
        self.views = views
        self.services = services
    }
}
