/// The type of a column, a key, an expression or a feature.
public indirect enum DataType: Hashable, Sendable {
    /// The type of the literal `null` alone; no column has it.
    case null
    case bool
    case int32
    case int64
    case float
    case double
    /// UTF-8 text, compared by its bytes.
    case string
    case bytes
    /// Microseconds since the Unix epoch, UTC.
    case timestamp
    /// Days since the Unix epoch.
    case date
    /// Microseconds; the type of expressions only, never of a column of a source or a feature.
    case duration
    case list(DataType)
}

extension DataType {
    /// Whether it is `int32` or `int64`.
    public var isInteger: Bool { self == .int32 || self == .int64 }

    /// Whether it is `float` or `double`.
    public var isFloatingPoint: Bool { self == .float || self == .double }

    /// Whether arithmetic is defined on it.
    public var isNumeric: Bool { isInteger || isFloatingPoint }

    /// Whether it can be (a part of) an entity's join key.
    ///
    /// Floating-point numbers cannot: two engines that round differently would miss each other.
    public var isJoinKey: Bool {
        switch self {
        case .bool, .int32, .int64, .string, .bytes, .timestamp, .date: true
        default: false
        }
    }

    /// Whether a value of this type can be read as `wider` without changing its meaning.
    public func widens(to wider: DataType) -> Bool {
        switch (self, wider) {
        case (.int32, .int64), (.float, .double): true
        default: self == wider
        }
    }
}

extension DataType: CustomStringConvertible {
    /// The spelling of the definition language.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .float: "float"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .date: "date"
        case .duration: "duration"
        case .list(let element): "list<\(element)>"
        }
    }

    /// Reads the spelling of the definition language; nil for anything else.
    public init?(parsing text: String) {
        if text.hasPrefix("list<"), text.hasSuffix(">") {
            guard let element = DataType(parsing: String(text.dropFirst(5).dropLast())) else {
                return nil
            }
            self = .list(element)
            return
        }
        let scalars: [DataType] = [
            .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
        ]
        guard let type = scalars.first(where: { $0.description == text }) else { return nil }
        self = type
    }
}
