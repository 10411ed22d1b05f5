public import Definitions
public import Values

/// A project, checked and compiled: what every engine reads.
public struct ProjectPlan: Hashable, Sendable {
    /// The project's name.
    public let name: String
    /// The entities, in the written order.
    public let entities: [EntityPlan]
    /// The sources with all their columns, in the written order.
    public let sources: [SourcePlan]
    /// The views, in the written order.
    public let views: [ViewPlan]
    /// The services, in the written order.
    public let services: [ServicePlan]

    /// Checks a project and compiles it.
    ///
    /// - Parameters:
    ///   - project: what a person wrote.
    ///   - zones: what the names of time zones in expressions mean.
    /// - Throws: everything that is wrong with it, each at its place.
    /// - Returns: the plan, in which all names are resolved and all types are known.
    public static func compile(
        _ project: ProjectDefinition, zones: ZoneCatalog = .fixedOffsets
    ) throws(Diagnostics) -> ProjectPlan {
        try compile(ProjectReading(project), zones: zones)
    }

    /// Checks what could be read of a project and compiles it.
    ///
    /// - Parameters:
    ///   - reading: what a person wrote.
    ///   - zones: what the names of time zones in expressions mean.
    /// - Throws: everything that could not be read, and everything that is wrong with the rest
    ///   whatever the missing parts may be.
    /// - Returns: the plan, in which all names are resolved and all types are known.
    public static func compile(
        _ reading: ProjectReading, zones: ZoneCatalog = .fixedOffsets
    ) throws(Diagnostics) -> ProjectPlan {
        var compiler = ProjectCompiler(reading, zones: zones)
        return try compiler.compile()
    }

    /// The source `name`, or nil.
    public func source(named name: String) -> SourcePlan? { sources.first { $0.name == name } }

    /// The view `name`, or nil.
    public func view(named name: String) -> ViewPlan? { views.first { $0.name == name } }

    /// The service `name`.
    ///
    /// - Parameter name: a name that a user gave.
    /// - Throws: `unknownName`, with the nearest service as its remedy.
    /// - Returns: the service's plan.
    public func service(named name: String) throws(PlanningError) -> ServicePlan {
        if let service = services.first(where: { $0.name == name }) { return service }
        throw PlanningError.unknown("service", name, among: services.map(\.name))
    }
}
