public import Values

/// A thing that features describe, known by its join keys.
public struct Entity: ProjectContent, Annotated {
    /// Where it stands in the Swift file.
    public let place: Place
    private var map: MapNode

    /// Defines an entity.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - keys: its join keys with their types, in their order.
    ///   - file: this file, for messages.
    ///   - line: this line.
    ///   - column: this column.
    public init(
        _ name: String, keys: KeyValuePairs<String, DataType>, file: String = #fileID,
        line: Int = #line, column: Int = #column
    ) {
        place = Place(file, line, column)
        map = MapNode(place.location)
        map.add("name", name)
        var types = MapNode(place.location)
        for (key, type) in keys { types.add(key, type.description) }
        map.add("keys", types.node)
    }

    /// Among the entities.
    public var section: ProjectSection { .entities }
    /// What it says.
    public var node: Node { map.node }

    /// The same with another entry.
    public func setting(_ key: String, _ value: Node) -> Entity {
        var copy = self
        copy.map.set(key, value)
        return copy
    }
}
