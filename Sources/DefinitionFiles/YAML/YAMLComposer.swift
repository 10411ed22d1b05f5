import Values

/// Builds the tree of one YAML document and refuses what definitions do not use: anchors,
/// aliases, tags, merge keys, duplicate keys, keys that are no scalars, a second document.
///
/// The depth is bounded, so recursion is. What does not stop the parser is reported, and the
/// composing goes on.
struct YAMLComposer: ~Copyable {
    /// Deeper nesting than any definition has.
    static let greatestDepth = 32

    private var events: YAMLEventReader
    private let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(_ bytes: [UInt8], file: String) {
        events = YAMLEventReader(bytes)
        self.file = file
    }

    /// The document's root; nil when the file has no document.
    mutating func compose() throws(YAMLSyntaxError) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            switch try events.next() {
            case .streamStart, .documentEnd: continue
            case .streamEnd: return root
            case .documentStart(let mark):
                guard root == nil else {
                    let hint = "put it into a file of its own"
                    report("a file holds one YAML document", at: mark, hint: hint)
                    return root
                }
                let first = try events.next()
                root = try node(first, depth: 0)
            default: return root
            }
        }
    }

    private mutating func node(
        _ event: YAMLEvent, depth: Int
    ) throws(YAMLSyntaxError) -> YAMLNode? {
        switch event {
        case .scalar(let text, let style, let properties):
            refuse(properties)
            return YAMLNode(
                content: .scalar(text: text, style: style), isFlow: false,
                start: location(properties.start), end: location(properties.end))
        case .sequenceStart(let isFlow, let properties):
            try open(properties, depth: depth)
            return try sequence(isFlow, properties, depth: depth + 1)
        case .mappingStart(let isFlow, let properties):
            try open(properties, depth: depth)
            return try mapping(isFlow, properties, depth: depth + 1)
        case .alias(let mark):
            report(
                "YAML aliases (`*name`) are not part of the definition language", at: mark,
                hint: "write the value out")
            return YAMLNode(
                content: .scalar(text: "", style: .plain), isFlow: false, start: location(mark),
                end: location(mark))
        default: return nil
        }
    }

    private mutating func sequence(
        _ isFlow: Bool, _ properties: YAMLProperties, depth: Int
    ) throws(YAMLSyntaxError) -> YAMLNode {
        var items: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd(let end) = event {
                return YAMLNode(
                    content: .sequence(items), isFlow: isFlow, start: location(properties.start),
                    end: location(end))
            }
            if let item = try node(event, depth: depth) { items.append(item) }
        }
    }

    private mutating func mapping(
        _ isFlow: Bool, _ properties: YAMLProperties, depth: Int
    ) throws(YAMLSyntaxError) -> YAMLNode {
        var entries: [YAMLEntry] = []
        var places: [String: SourceLocation] = [:]
        while true {
            let event = try events.next()
            if case .mappingEnd(let end) = event {
                return YAMLNode(
                    content: .mapping(entries), isFlow: isFlow, start: location(properties.start),
                    end: location(end))
            }
            let key = try node(event, depth: depth)
            let valueEvent = try events.next()
            let value = try node(valueEvent, depth: depth)
            guard let key, let value, let name = accept(key: key, places: &places) else { continue }
            entries.append(YAMLEntry(key: name, keyNode: key, value: value))
        }
    }

    /// The key's text, unless it is none, a merge key or there already.
    private mutating func accept(
        key: YAMLNode, places: inout [String: SourceLocation]
    ) -> String? {
        guard case .scalar(let name, let style) = key.content else {
            diagnostics.append(key.diagnostic("a key must be a plain name, not \(key.kind)"))
            return nil
        }
        if name == "<<", style == .plain {
            diagnostics.append(
                key.diagnostic(
                    "YAML merge keys (`<<`) are not part of the definition language",
                    hint: "write the entries out"))
            return nil
        }
        if let first = places[name] {
            diagnostics.append(
                key.diagnostic(
                    "`\(name)` stands twice in this map; it is already in line \(first.line)",
                    hint: "keep one of them"))
            return nil
        }
        places[name] = key.start
        return name
    }

    private mutating func open(
        _ properties: YAMLProperties, depth: Int
    ) throws(YAMLSyntaxError) {
        refuse(properties)
        guard depth < Self.greatestDepth else {
            throw YAMLSyntaxError(
                problem: "nested deeper than \(Self.greatestDepth) levels",
                mark: properties.start, contextMark: properties.start)
        }
    }

    private mutating func refuse(_ properties: YAMLProperties) {
        if let anchor = properties.anchor {
            report(
                "YAML anchors (`&\(anchor)`) are not part of the definition language",
                at: properties.start, hint: "write the value out wherever it is needed")
        }
        if let tag = properties.tag {
            report(
                "YAML tags (`\(tag)`) are not part of the definition language",
                at: properties.start, hint: "remove the tag; types are known from their place")
        }
    }

    private mutating func report(_ message: String, at mark: YAMLMark, hint: String) {
        diagnostics.append(Diagnostic(message, at: location(mark), hint: hint))
    }

    private func location(_ mark: YAMLMark) -> SourceLocation {
        SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1)
    }
}
