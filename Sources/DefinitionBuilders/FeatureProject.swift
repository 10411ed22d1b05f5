import DefinitionFiles
public import Definitions
public import Planning
public import Values

/// Definitions written in Swift: the same language as in YAML, read by the same reader, with the
/// same digests.
///
/// ```swift
/// let shop = FeatureProject("shop") {
///     Entity("customer", keys: ["customer": .string])
///     Source("orders", eventTime: "ordered_at") {
///         Column("customer", .string)
///         Column("amount", .double)
///         Column("ordered_at", .timestamp)
///         Parquet("data/orders")
///     }
///     View("customer_orders", of: "customer", from: "orders", refresh: .stream) {
///         Feature("spent", .sum("amount").over(.days(30)))
///     }
///     Service("next_order") {
///         Use("customer_orders.*")
///     }
/// }
/// let plan = try shop.plan()
/// ```
///
/// What is wrong is found when the project is read or compiled, and told with the place in the
/// Swift file. `yaml` is what the `roost` command reads.
public struct FeatureProject: Sendable {
    private let root: Node

    /// Puts definitions together.
    ///
    /// - Parameters:
    ///   - name: the project's name.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    ///   - content: entities, sources, views and services, in any order.
    public init(
        _ name: String, file: String = #fileID, line: Int = #line, column: Int = #column,
        @ListBuilder<any ProjectContent> content: () -> [any ProjectContent]
    ) {
        let place = SourceLocation(file: file, line: line, column: column)
        var map = MapNode(place)
        map.add("project", name)
        let content = content()
        for section in ProjectSection.allCases {
            let nodes = content.filter { $0.section == section }.map(\.node)
            if !nodes.isEmpty { map.add(section.rawValue, list: nodes) }
        }
        root = map.node
    }

    /// The definitions as the compiler takes them, with what is wrong with them as such.
    public var reading: ProjectReading {
        var loader = DefinitionLoader()
        return loader.reading(root: root.content)
    }

    /// Checks and compiles the definitions.
    ///
    /// - Parameter zones: the time zones that expressions may name.
    /// - Throws: everything that is wrong with them, each at its place in the Swift file.
    /// - Returns: the plan, in which all names are resolved and all types are known.
    public func plan(zones: ZoneCatalog = .fixedOffsets) throws(Diagnostics) -> ProjectPlan {
        try ProjectPlan.compile(reading, zones: zones)
    }

    /// The definitions as a file for `feature-definitions/`.
    public var yaml: String { root.yaml }
}

/// What a project consists of: entities, sources, views and services.
public protocol ProjectContent: Sendable {
    /// Where it belongs.
    var section: ProjectSection { get }
    /// What it says.
    var node: Node { get }
}

/// The lists of a project.
public enum ProjectSection: String, CaseIterable, Sendable {
    /// Entities.
    case entities
    /// Sources.
    case sources
    /// Views.
    case views
    /// Services.
    case services
}
