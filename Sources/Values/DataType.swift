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
    /// Exact numbers of `precision` digits (1 to 38), `scale` of them (0 to `precision`) behind
    /// the point.
    case decimal(precision: Int, scale: Int)
    case list(DataType)
    /// `length` floats (1 to `greatestVectorLength`), none of them null: an embedding.
    case vector(length: Int)
}

extension DataType {
    /// Whether it is `int32` or `int64`.
    public var isInteger: Bool {
        switch self {
        case .int32, .int64: true
        default: false
        }
    }

    /// Whether it is `float` or `double`.
    public var isFloatingPoint: Bool {
        switch self {
        case .float, .double: true
        default: false
        }
    }

    /// Whether it is a decimal of any precision.
    public var isDecimal: Bool { if case .decimal = self { true } else { false } }

    /// The type of the elements of a list or a vector; nil for everything else.
    public var element: DataType? {
        switch self {
        case .list(let element): element
        case .vector: .float
        default: nil
        }
    }

    /// The greatest length of a vector.
    public static let greatestVectorLength = 65_536

    /// Whether arithmetic is defined on it.
    public var isNumeric: Bool { isInteger || isFloatingPoint }

    /// Whether it can be (a part of) an entity's join key.
    ///
    /// Floating-point numbers cannot: two engines that round differently would miss each other.
    /// Decimals cannot: engines that pad them differently would.
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
        case (.decimal(let precision, let scale), .decimal(let widePrecision, let wideScale)):
            scale <= wideScale && precision - scale <= widePrecision - wideScale
        default: self == wider
        }
    }

    /// Whether a column that a file holds with this type can be declared as `wider`: beyond
    /// widening, lists whose elements widen, and lists of floats as vectors, which no file tells
    /// apart and whose lengths are checked when they are read.
    public func isReadable(as wider: DataType) -> Bool {
        switch (self, wider) {
        case (.list(let element), .list(let wideElement)): element.widens(to: wideElement)
        case (.list(.float), .vector): true
        default: widens(to: wider)
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
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .list(let element): "list<\(element)>"
        case .vector(let length): "vector<float, \(length)>"
        }
    }

    /// The types that are a word alone and that a column can have.
    public static let plain: [DataType] = [
        .bool, .int32, .int64, .float, .double, .string, .bytes, .timestamp, .date,
    ]

    /// Reads the spelling of the definition language; nil for anything else.
    public init?(parsing text: String) {
        if let element = text.arguments(of: "list", "<", ">") {
            guard let element = DataType(parsing: element) else { return nil }
            self = .list(element)
        } else if let arguments = text.arguments(of: "decimal", "(", ")") {
            guard let (first, second) = arguments.pair, let precision = Int(digits: first),
                let scale = Int(digits: second), scale <= precision,
                (1...Decimal128.greatestPrecision).contains(precision)
            else { return nil }
            self = .decimal(precision: precision, scale: scale)
        } else if let arguments = text.arguments(of: "vector", "<", ">") {
            guard let (first, second) = arguments.pair, first == "float",
                let length = Int(digits: second),
                (1...Self.greatestVectorLength).contains(length)
            else { return nil }
            self = .vector(length: length)
        } else {
            guard let type = Self.plain.first(where: { $0.description == text }) else {
                return nil
            }
            self = type
        }
    }
}

extension String {
    /// What stands between the brackets of `name<...>`.
    fileprivate func arguments(of name: String, _ open: String, _ close: String) -> String? {
        guard hasPrefix(name + open), hasSuffix(close) else { return nil }
        return String(dropFirst(name.count + 1).dropLast())
    }

    /// The two sides of its only comma, after which blanks may stand.
    fileprivate var pair: (Substring, Substring)? {
        let parts = split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 2 ? (parts[0], parts[1].drop { $0 == " " }) : nil
    }
}

extension Int {
    /// Reads one to six digits and nothing else.
    fileprivate init?(digits: Substring) {
        guard (1...6).contains(digits.count), digits.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        self.init(digits)
    }
}
