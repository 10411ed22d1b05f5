import DefinitionFiles

extension Node {
    /// The text of a definition file that says the same.
    var yaml: String {
        var writer = YAMLWriter()
        writer.write(content, indent: 0, isItem: false)
        return writer.text
    }
}

/// Writes block style with every text in double quotes, so that none means anything to YAML.
private struct YAMLWriter {
    var text = ""

    /// Writes a collection; of an item of a list the first line continues the dash.
    mutating func write(_ node: YAMLNode, indent: Int, isItem: Bool) {
        switch node.content {
        case .scalar(let value, _): text += quoted(value) + "\n"
        case .sequence(let items):
            for item in items {
                text += blanks(indent) + "- "
                write(item, indent: indent + 2, isItem: true)
            }
        case .mapping(let entries):
            for (position, entry) in entries.enumerated() {
                if position > 0 || !isItem { text += blanks(indent) }
                text += key(entry.key) + ":"
                write(value: entry.value, indent: indent + 2)
            }
        }
    }

    private mutating func write(value: YAMLNode, indent: Int) {
        switch value.content {
        case .scalar:
            text += " "
            write(value, indent: indent, isItem: false)
        case .sequence(let items) where items.isEmpty: text += " []\n"
        case .mapping(let entries) where entries.isEmpty: text += " {}\n"
        case .sequence, .mapping:
            text += "\n"
            write(value, indent: indent, isItem: false)
        }
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    private func key(_ key: String) -> String {
        let isPlain = key.unicodeScalars.allSatisfy { scalar in
            scalar == "_" || ("a"..."z").contains(scalar)
        }
        return isPlain && !key.isEmpty ? key : quoted(key)
    }

    private func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
