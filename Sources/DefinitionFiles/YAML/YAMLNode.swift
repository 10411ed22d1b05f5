package import Values

/// A node of a YAML document, or of what was written in Swift instead, with its place.
package struct YAMLNode: Sendable {
    /// What the node holds.
    package enum Content: Sendable {
        case scalar(text: String, style: YAMLScalarStyle)
        case sequence([YAMLNode])
        /// The entries in the written order; the keys are distinct.
        case mapping([YAMLEntry])
    }

    package let content: Content
    /// Whether it is a collection in brackets or braces.
    let isFlow: Bool
    /// Its first character.
    package let start: SourceLocation
    /// The place after its last character; for block collections and scalars maybe a later line.
    let end: SourceLocation

    /// Makes a node.
    package init(content: Content, isFlow: Bool, start: SourceLocation, end: SourceLocation) {
        self.content = content
        self.isFlow = isFlow
        self.start = start
        self.end = end
    }

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
package struct YAMLEntry: Sendable {
    package let key: String
    let keyNode: YAMLNode
    package let value: YAMLNode

    /// Makes an entry; `keyNode` is the scalar `key`.
    package init(key: String, keyNode: YAMLNode, value: YAMLNode) {
        self.key = key
        self.keyNode = keyNode
        self.value = value
    }
}
