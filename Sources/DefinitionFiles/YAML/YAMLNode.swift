import Values

/// A node of a YAML document, with its place.
struct YAMLNode {
    /// What the node holds.
    enum Content {
        case scalar(text: String, style: YAMLScalarStyle)
        case sequence([YAMLNode])
        /// The entries in the written order; the keys are distinct.
        case mapping([YAMLEntry])
    }

    let content: Content
    /// Whether it is a collection in brackets or braces.
    let isFlow: Bool
    /// Its first character.
    let start: SourceLocation
    /// The place after its last character; for block collections and scalars maybe a later line.
    let end: SourceLocation

    /// What kind of node it is, for messages.
    var kind: String {
        switch content {
        case .scalar(let text, .plain) where text.isEmpty: "nothing"
        case .scalar: "a scalar"
        case .sequence: "a list"
        case .mapping: "a map"
        }
    }

    /// Whether it is an absent value, as in `key:`.
    var isEmpty: Bool {
        if case .scalar(let text, .plain) = content { return text.isEmpty }
        return false
    }

    /// How many characters a caret may underline.
    var length: Int {
        guard start.line == end.line else { return 1 }
        return max(1, end.column - start.column)
    }

    /// A diagnostic about the node.
    func diagnostic(_ message: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(message, at: start, hint: hint, length: length)
    }
}

/// A key and its value.
struct YAMLEntry {
    let key: String
    let keyNode: YAMLNode
    let value: YAMLNode
}
