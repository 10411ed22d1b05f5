public import Values

/// A column with its declared type: of a schema, of an entity's keys or of a request.
public struct ColumnDefinition: Hashable, Sendable {
    /// The column's name.
    public var name: Name
    /// Its type.
    public var type: Located<DataType>

    /// Makes a column.
    public init(name: Name, type: Located<DataType>) {
        self.name = name
        self.type = type
    }
}
