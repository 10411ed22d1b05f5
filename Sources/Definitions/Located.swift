public import Values

/// A value together with the place where a person wrote it.
public struct Located<Value> {
    /// What was written.
    public var value: Value
    /// Where it begins.
    public var location: SourceLocation
    /// How many characters of its line it takes, for the caret.
    public var length: Int

    /// Makes a located value.
    public init(_ value: Value, at location: SourceLocation, length: Int = 1) {
        self.value = value
        self.location = location
        self.length = length
    }

    /// Another value at the same place.
    public func map<Other>(_ change: (Value) -> Other) -> Located<Other> {
        Located<Other>(change(value), at: location, length: length)
    }

    /// A diagnostic about this value, underlining it.
    public func diagnostic(_ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(message, at: location, hint: hint, length: max(1, length))
    }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// A name and where it stands.
public typealias Name = Located<String>

extension Located where Value == String {
    /// A name that is underlined in full.
    public init(name: String, at location: SourceLocation) {
        self.init(name, at: location, length: name.unicodeScalars.count)
    }
}
