import Definitions
import Values

/// Reads nodes of one file as parts of definitions, collecting everything that is wrong.
///
/// Every method returns nil only after it has reported why.
struct DefinitionReader {
    let source: SourceText
    var diagnostics = Diagnostics()

    init(_ source: SourceText) {
        self.source = source
    }

    mutating func report(_ node: YAMLNode, _ message: String, hint: String? = nil) {
        diagnostics.report(node.diagnostic(message, hint: hint))
    }

    /// A map of this shape; keys that it does not have are reported.
    mutating func map(_ node: YAMLNode, _ shape: MapShape) -> MapReader? {
        guard let entries = entries(node, shape.what) else { return nil }
        for entry in entries where shape.key(entry.key) == nil {
            let guess = shape.intended(by: entry.key)
            report(
                entry.keyNode, "\(shape.what) has no key `\(entry.key)`",
                hint: guess.map { "did you mean `\($0)`?" }
                    ?? "the keys are \(shape.names.joined(separator: ", "))")
        }
        return MapReader(shape: shape, node: node, entries: entries)
    }

    /// The entries of a map with keys of the user's choice.
    mutating func entries(_ node: YAMLNode, _ what: String) -> [YAMLEntry]? {
        guard case .mapping(let entries) = node.content else {
            report(
                node, "\(what) must be a map, not \(node.kind)", hint: "write `key: value` lines")
            return nil
        }
        return entries
    }

    mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        guard case .sequence(let items) = node.content else {
            report(node, "\(what) must be a list, not \(node.kind)", hint: "write `- ` before each")
            return nil
        }
        return items
    }

    /// The value of a key of the map's shape, which says whether it may be absent; it must not
    /// be empty.
    mutating func value(_ key: String, in map: MapReader) -> YAMLNode? {
        guard let shape = map.shape.key(key) else {
            preconditionFailure("\(map.shape.what) has no key \(key)")
        }
        guard let entry = map.entry(key) else {
            // A misspelt key is the mistake, and it is reported as such.
            if shape.isRequired, !map.mayLack(key) {
                report(map.node.head, "\(map.shape.what) has no `\(key)`", hint: shape.remedy)
            }
            return nil
        }
        guard entry.value.isEmpty else { return entry.value }
        report(entry.keyNode, "`\(key)` has no value", hint: "give it one or remove the key")
        return nil
    }

    /// The one key of the map's alternatives that is there.
    mutating func alternative(in map: MapReader) -> String? {
        let names = map.shape.alternatives
        let found = map.entries.filter { names.contains($0.key) }
        if let first = found.first, found.count == 1 { return first.key }
        if found.count > 1 {
            report(
                found[1].keyNode, "\(map.shape.what) has `\(found[0].key)` and `\(found[1].key)`",
                hint: "keep one of the two")
        } else if !names.contains(where: map.mayLack) {
            let all = names.map { "`\($0)`" }.joined(separator: " nor ")
            report(
                map.node.head, "\(map.shape.what) has neither \(all)",
                hint: "add one of the two")
        }
        return nil
    }

    mutating func text(_ node: YAMLNode, _ what: String) -> ScalarText? {
        guard case .scalar(let text, let style) = node.content else {
            report(node, "\(what) must be a single value, not \(node.kind)")
            return nil
        }
        return source.scalarText(text, style, node)
    }

    /// A name of the user's choice, or a reference to one.
    mutating func identifier(_ node: YAMLNode, _ what: String) -> Name? {
        guard let text = text(node, what) else { return nil }
        guard text.text.isIdentifier else {
            report(
                node, "`\(text.text)` cannot be \(what)",
                hint: "a name has letters, digits and `_` and does not begin with a digit")
            return nil
        }
        return text.name
    }

    /// A text that is not empty, such as a path or the name of a column.
    mutating func word(_ node: YAMLNode, _ what: String) -> Name? {
        guard let text = text(node, what) else { return nil }
        guard !text.text.isEmpty else {
            report(node, "\(what) is empty")
            return nil
        }
        return text.name
    }

    /// A scalar in the form that `parse` reads.
    ///
    /// A plain scalar that ends where a comment begins may be an expression cut in two; then the
    /// whole line is tried, and if it parses or a quote is open, the comment is the error.
    mutating func parsed<Value>(
        _ node: YAMLNode, _ what: String, _ parse: (ScalarText) throws(Diagnostic) -> Value
    ) -> Value? {
        guard let text = text(node, what) else { return nil }
        do {
            return try parse(text)
        } catch {
            diagnostics.report(cutByComment(node, text, error, parse) ?? error)
            return nil
        }
    }

    private func cutByComment<Value>(
        _ node: YAMLNode, _ text: ScalarText, _ error: Diagnostic,
        _ parse: (ScalarText) throws(Diagnostic) -> Value
    ) -> Diagnostic? {
        guard case .scalar(_, .plain) = node.content, text.isExact else { return nil }
        let rest = source.remainder(from: node.end)
        let comment = rest.drop { $0 == " " || $0 == "\t" }
        guard comment.first == "#", comment.startIndex != rest.startIndex else { return nil }
        let whole = (text.text + rest).trimmed
        let hasOpenQuote = text.text.count { $0 == "'" } % 2 == 1
        let wholeParses = (try? parse(ScalarText(whole, at: text.location))) != nil
        guard hasOpenQuote || wholeParses else {
            guard error.location == node.end, error.hint == nil else { return nil }
            var hinted = error
            hinted.hint = "` #` begins a YAML comment; a text that holds it stands in quotes"
            return hinted
        }
        let blanks = rest.unicodeScalars.count - comment.unicodeScalars.count
        let quoted = whole.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return Diagnostic(
            "the text is cut here: ` #` begins a YAML comment",
            at: node.end.advanced(byColumns: blanks), hint: "put it in quotes: \"\(quoted)\"")
    }
}

/// A map that was found to be one, with what it may hold.
struct MapReader {
    let shape: MapShape
    let node: YAMLNode
    let entries: [YAMLEntry]

    /// Whether `key` is absent although an unknown key could be meant to be it.
    func mayLack(_ key: String) -> Bool {
        entry(key) == nil
            && entries.contains { entry in
                shape.key(entry.key) == nil && shape.intended(by: entry.key) == key
            }
    }

    func entry(_ key: String) -> YAMLEntry? { entries.first { $0.key == key } }
}

extension YAMLNode {
    /// The node's first line alone, for messages about what it lacks.
    var head: YAMLNode {
        guard case .mapping(let entries) = content, let first = entries.first else { return self }
        return first.keyNode
    }
}

extension SourceText {
    /// A scalar with the place of its first character behind a quote, and whether all its
    /// characters stand in the file as they are.
    func scalarText(_ text: String, _ style: YAMLScalarStyle, _ node: YAMLNode) -> ScalarText {
        let width = node.end.column - node.start.column
        let count = text.unicodeScalars.count
        let isOneLine = node.start.line == node.end.line
        switch style {
        case .plain:
            return ScalarText(text, at: node.start, isExact: isOneLine && width == count)
        case .singleQuoted, .doubleQuoted:
            let isExact = isOneLine && width == count + 2
            return ScalarText(text, at: node.start.advanced(byColumns: 1), isExact: isExact)
        case .block: return ScalarText(text.trimmed, at: node.start, isExact: false)
        }
    }
}

extension String {
    /// Whether it is a name of letters, digits and underscores.
    var isIdentifier: Bool {
        guard let first = unicodeScalars.first, first == "_" || first.isLetter else { return false }
        return unicodeScalars.allSatisfy { $0 == "_" || $0.isLetter || ("0"..."9").contains($0) }
    }
}

extension Unicode.Scalar {
    fileprivate var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
