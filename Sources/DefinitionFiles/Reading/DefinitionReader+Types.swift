import Definitions
import Values

extension DefinitionReader {
    /// A map name -> type: a schema, an entity's keys, request columns.
    mutating func columns(_ node: YAMLNode, _ what: String) -> [ColumnDefinition] {
        guard let entries = entries(node, what) else { return [] }
        if node.isFlow, entries.contains(where: { !$0.isPlain }) {
            refuseFlow(node, "\(what) in braces can hold plain names only")
            return []
        }
        if entries.isEmpty { report(node, "\(what) is empty") }
        return entries.compactMap { entry in
            guard let name = word(entry.keyNode, "the name of a column"),
                let type = type(entry)
            else { return nil }
            return ColumnDefinition(name: name, type: type)
        }
    }

    private mutating func type(_ entry: YAMLEntry) -> Located<DataType>? {
        guard !entry.value.isEmpty else {
            report(entry.keyNode, "`\(entry.key)` has no type", hint: Self.typesHint)
            return nil
        }
        guard let text = text(entry.value, "a type") else { return nil }
        if let type = DataType(parsing: text.text), !type.isPlanned {
            return text.name.map { _ in type }
        }
        let isPlanned = Self.plannedTypes.contains { text.text.hasPrefix($0) }
        if isPlanned {
            report(
                entry.value, "the type `\(text.text)` is not in this release",
                hint: Self.typesHint)
        } else {
            let guess =
                Self.foreignTypes[text.text.lowercased()]
                ?? nearestName(to: text.text.lowercased(), among: Self.types)
            report(
                entry.value, "unknown type `\(text.text)`",
                hint: guess.map { "did you mean `\($0)`?" } ?? Self.typesHint)
        }
        return nil
    }

    /// Says that a collection must be in block style, and shows it.
    mutating func refuseFlow(_ node: YAMLNode, _ message: String) {
        report(
            node, message, hint: "write it in block style:\n\(BlockForm.of(node, in: source))")
    }

    private static let types = DataType.plain.map(\.description)
    private static let plannedTypes = ["decimal", "list", "vector"]
    private static let foreignTypes = [
        "int": "int64", "integer": "int64", "bigint": "int64", "long": "int64", "text": "string",
        "varchar": "string", "str": "string", "boolean": "bool", "float64": "double",
        "float32": "float", "number": "double", "datetime": "timestamp", "real": "double",
    ]
    private static let typesHint = "the types are \(types.joined(separator: ", "))"
}

extension YAMLEntry {
    /// Whether key and value are plain words, so that braces cannot have torn them apart.
    var isPlain: Bool {
        guard case .scalar(let text, _) = value.content else { return false }
        return key.isIdentifier && text.isIdentifier
    }
}

extension DataType {
    fileprivate var isPlanned: Bool { isDecimal || element != nil }
}
