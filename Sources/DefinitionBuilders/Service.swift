public import Values

/// The ordered list of features that one model uses.
public struct Service: ProjectContent, Annotated {
    /// Where it stands in the Swift file.
    public let place: Place
    private var map: MapNode

    /// Defines a service.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    ///   - content: request columns, the features in their order, derived features.
    public init(
        _ name: String, file: String = #fileID, line: Int = #line, column: Int = #column,
        @ListBuilder<any ServiceContent> content: () -> [any ServiceContent]
    ) {
        place = Place(file, line, column)
        map = MapNode(place.location)
        map.add("name", name)
        var request = MapNode(place.location)
        var uses: [Node] = []
        var derived = MapNode(place.location)
        for part in content() {
            switch part.entry {
            case .request(let name, let type): request.add(name, type, at: type.place)
            case .use(let item): uses.append(item)
            case .derived(let name, let expression):
                derived.add(name, expression, at: expression.place)
            }
        }
        if !request.isEmpty { map.add("request", request.node) }
        map.add("features", list: uses)
        if !derived.isEmpty { map.add("derived", derived.node) }
    }

    /// Among the services.
    public var section: ProjectSection { .services }
    /// What it says.
    public var node: Node { map.node }

    /// The same with another entry.
    public func setting(_ key: String, _ value: Node) -> Service {
        var copy = self
        copy.map.set(key, value)
        return copy
    }
}

/// What a service consists of: request columns, features, derived features.
public protocol ServiceContent: Sendable {
    /// What it says.
    var entry: ServiceEntry { get }
}

/// What a part of a service says.
public enum ServiceEntry: Sendable {
    /// A request column with its type.
    case request(String, Node)
    /// A feature, or all of a view.
    case use(Node)
    /// A derived feature with its expression.
    case derived(String, Node)
}

/// A column that the caller brings along.
public struct Request: ServiceContent {
    /// What it says.
    public let entry: ServiceEntry

    /// Declares a request column.
    public init(
        _ name: String, _ type: DataType, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        entry = .request(name, Place(file, line, column).node(type.description))
    }
}

/// A feature of a view, or all of a view.
public struct Use: ServiceContent {
    /// What it says.
    public let entry: ServiceEntry

    /// Names features.
    ///
    /// - Parameters:
    ///   - feature: `view.feature`, or `view.*` for all.
    ///   - role: the spine's columns for the entity's keys, where they have other names.
    ///   - alias: the output's name, or the prefix of all features of a view.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    public init(
        _ feature: String, for role: KeyValuePairs<String, String> = [:], as alias: String? = nil,
        file: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        var text = feature
        if !role.isEmpty {
            text += " for " + role.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
        }
        if let alias { text += " as \(alias)" }
        entry = .use(Place(file, line, column).node(text))
    }
}

/// An expression over features, request columns and derived features above.
public struct Derived: ServiceContent {
    /// What it says.
    public let entry: ServiceEntry

    /// Defines a derived feature.
    public init(
        _ name: String, _ expression: String, file: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        entry = .derived(name, Place(file, line, column).node(expression))
    }
}
