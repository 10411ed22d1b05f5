/// A named, typed column of a schema.
public struct Field: Hashable, Sendable {
    /// The column's name; case-sensitive.
    public var name: String
    /// The column's type.
    public var type: DataType

    /// Makes a field.
    public init(name: String, type: DataType) {
        self.name = name
        self.type = type
    }
}

/// An ordered list of fields with distinct names.
public struct Schema: Hashable, Sendable {
    /// The fields in column order.
    public let fields: [Field]
    private let positions: [String: Int]

    /// Makes a schema; a name that stands twice is a programmer's error.
    public init(_ fields: [Field]) {
        self.fields = fields
        positions = Dictionary(
            uniqueKeysWithValues: fields.enumerated().map { ($0.element.name, $0.offset) })
    }

    /// The position of the field `name`, or nil. Complexity: O(1).
    public func index(of name: String) -> Int? { positions[name] }

    /// The type of the field `name`, or nil. Complexity: O(1).
    public func type(of name: String) -> DataType? { positions[name].map { fields[$0].type } }
}
