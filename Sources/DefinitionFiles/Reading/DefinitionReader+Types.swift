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
        if let type = DataType(parsing: text.text), !type.isNested {
            return text.name.map { _ in type }
        }
        if let form = Self.sizedForms.first(where: { text.text.hasPrefix($0.name) }) {
            report(
                entry.value, "`\(text.text)` is no type of the form `\(form.form)`",
                hint: form.hint)
            return nil
        }
        let guess = Self.guess(text.text.lowercased())
        report(
            entry.value, "unknown type `\(text.text)`",
            hint: guess.map { "did you mean `\($0)`?" } ?? Self.typesHint)
        return nil
    }

    /// The type that was meant: one of another language, in capitals, or misspelt.
    private static func guess(_ text: String) -> String? {
        if let type = DataType(parsing: text) { return type.description }
        let base = String(text.prefix { $0 != "(" && $0 != "<" })
        if base == "numeric", base != text { return "decimal" + text.dropFirst(base.count) }
        return foreignTypes[base] ?? nearestName(to: base, among: types)
    }

    /// Says that a collection must be in block style, and shows it.
    mutating func refuseFlow(_ node: YAMLNode, _ message: String) {
        report(
            node, message, hint: "write it in block style:\n\(BlockForm.of(node, in: source))")
    }

    private static let types = DataType.plain.map(\.description)
    /// The types that say more than a name, and what they have to say.
    private static let sizedForms = [
        (
            name: "decimal", form: "decimal(p,s)",
            hint: "p digits, 1 to 38, of which s, 0 to p, stand behind the point: decimal(12,2)"
        ),
        (
            name: "list", form: "list<T>",
            hint: "T is a type of single values: \(types.joined(separator: ", ")) or decimal(p,s)"
        ),
        (
            name: "vector", form: "vector<float, n>",
            hint: "n floats, 1 to \(DataType.greatestVectorLength): vector<float, 384>"
        ),
    ]
    private static let foreignTypes = [
        "int": "int64", "integer": "int64", "bigint": "int64", "long": "int64", "text": "string",
        "varchar": "string", "str": "string", "boolean": "bool", "float64": "double",
        "float32": "float", "number": "double", "datetime": "timestamp", "real": "double",
        "numeric": "decimal(p,s)", "money": "decimal(p,s)", "array": "list<T>",
        "embedding": "vector<float, n>",
    ]
    private static let typesHint =
        "the types are \(types.joined(separator: ", ")), decimal(p,s), list<T>, vector<float, n>"
}

extension YAMLEntry {
    /// Whether key and value are plain words, so that braces cannot have torn them apart.
    var isPlain: Bool {
        guard case .scalar(let text, _) = value.content else { return false }
        return key.isIdentifier && text.isIdentifier
    }
}

extension DataType {
    /// Whether it is a list of lists or of vectors.
    fileprivate var isNested: Bool { element?.element != nil }
}
