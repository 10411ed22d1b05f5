/// A column that is taken from beside the value of a record.
public struct RecordColumnDefinition: Hashable, Sendable {
    /// The declared column.
    public var column: Name
    /// What of the record it is.
    public var part: RecordPart

    /// Takes `column` from `part`.
    public init(column: Name, part: RecordPart) {
        self.column = column
        self.part = part
    }
}

/// What a record of a topic has beside its value.
public enum RecordPart: Hashable, Sendable {
    /// Its key, as text.
    case key
    /// Its timestamp.
    case timestamp
    /// The last header of that name, as text.
    case header(String)
}

extension RecordPart {
    /// Reads `key`, `timestamp` or `header NAME`; nil for anything else.
    public init?(parsing text: String) {
        let words = text.split(separator: " ", maxSplits: 1)
        switch (words.first, words.count) {
        case ("key", 1): self = .key
        case ("timestamp", 1): self = .timestamp
        case ("header", 2):
            let name = words[1].drop { $0 == " " }
            guard !name.isEmpty else { return nil }
            self = .header(String(name))
        default: return nil
        }
    }
}

extension RecordPart: CustomStringConvertible {
    /// The spelling of the definition language.
    public var description: String {
        switch self {
        case .key: "key"
        case .timestamp: "timestamp"
        case .header(let name): "header \(name)"
        }
    }
}
