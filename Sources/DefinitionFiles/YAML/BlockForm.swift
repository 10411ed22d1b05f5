import Values

/// Rewrites what a person wrote in brackets as block style, for hints.
enum BlockForm {
    /// The block form of a collection that YAML could read.
    static func of(_ node: YAMLNode, in source: SourceText) -> String {
        form(source.text(from: node.start, to: node.end), before: node.start, in: source) ?? ""
    }

    /// The block form of a collection that begins at `start` and that YAML could not read; nil
    /// when there is no bracket.
    static func ofBrokenCollection(
        at start: SourceLocation, in source: SourceText
    ) -> String? {
        form(source.remainder(from: start), before: start, in: source)
    }

    private static func form(
        _ text: String, before start: SourceLocation, in source: SourceText
    ) -> String? {
        guard let open = text.first, open == "{" || open == "[" else { return nil }
        let lineStart = SourceLocation(file: start.file, line: start.line, column: 1)
        let before = source.text(from: lineStart, to: start)
        let key = before.drop { $0 == " " || $0 == "-" }
        let items = topLevelItems(text.dropFirst())
        guard !items.isEmpty else { return nil }
        let lines = items.map { open == "{" ? "  \($0)" : "  - \($0)" }
        return ([String(key.prefix(80)).trimmed] + lines).joined(separator: "\n")
    }

    /// The parts between commas outside parentheses, brackets, angles and quotes, up to the
    /// bracket that closes.
    private static func topLevelItems(_ text: Substring) -> [String] {
        var items: [String] = []
        var item = ""
        var depth = 0
        var angles = 0
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if "([{".contains(character) || opensType(character, after: item) {
                depth += 1
                angles += character == "<" ? 1 : 0
            } else if ")]}".contains(character) || character == ">" && angles > 0 {
                if depth == 0 { break }
                depth -= 1
                angles -= character == ">" ? 1 : 0
            } else if character == ",", depth == 0 {
                items.append(item.trimmed)
                item = ""
                continue
            }
            item.append(character)
        }
        items.append(item.trimmed)
        return items.filter { !$0.isEmpty }
    }

    /// Whether an angle belongs to a type, as in `vector<float, 4>`, and is no comparison.
    private static func opensType(_ character: Character, after item: String) -> Bool {
        character == "<" && ["list", "vector"].contains { item.hasSuffix($0) }
    }
}

extension StringProtocol {
    /// The text without blanks around it.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
