public import Values

/// One join key of an entity and the column of a source that holds it.
public struct KeyPart: Hashable, Sendable {
    /// The entity's name for it.
    public let name: String
    /// The entity's type for it.
    public let type: DataType
    /// The column of the source, declared or computed, that holds it.
    public let sourceColumn: String

    /// Makes a key part.
    public init(name: String, type: DataType, sourceColumn: String) {
        self.name = name
        self.type = type
        self.sourceColumn = sourceColumn
    }
}
