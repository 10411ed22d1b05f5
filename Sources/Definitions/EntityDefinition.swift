/// A thing that features describe, known by its join keys.
public struct EntityDefinition: Hashable, Sendable {
    /// The entity's name.
    public var name: Name
    /// The join keys, in their order.
    public var keys: [ColumnDefinition]
    /// For people.
    public var annotations: Annotations

    /// Makes an entity.
    public init(name: Name, keys: [ColumnDefinition], annotations: Annotations = Annotations()) {
        self.name = name
        self.keys = keys
        self.annotations = annotations
    }
}
