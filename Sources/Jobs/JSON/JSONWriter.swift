extension JSONValue {
    /// The value as one line of JSON (RFC 8259). Numbers that JSON lacks become null.
    public var line: String {
        var writer = JSONWriter(indentation: nil)
        writer.write(self, depth: 0)
        return writer.text
    }

    /// The value over several lines, two spaces a level, ended by a line feed.
    public var document: String {
        var writer = JSONWriter(indentation: 2)
        writer.write(self, depth: 0)
        return writer.text + "\n"
    }
}

private struct JSONWriter {
    let indentation: Int?
    var text = ""

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .double(let number): text += number.isFinite ? number.description : "null"
        case .string(let string): write(string)
        case .array(let elements):
            writeList("[", elements, "]", depth: depth) { $0.write($1, depth: depth + 1) }
        case .object(let members):
            writeList("{", members, "}", depth: depth) { writer, member in
                writer.write(member.name)
                writer.text += writer.indentation == nil ? ":" : ": "
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func writeList<Element>(
        _ open: String, _ elements: [Element], _ close: String, depth: Int,
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        text += open
        for (position, element) in elements.enumerated() {
            if position > 0 { text += "," }
            breakLine(depth: depth + 1)
            writeElement(&self, element)
        }
        if !elements.isEmpty { breakLine(depth: depth) }
        text += close
    }

    private mutating func breakLine(depth: Int) {
        guard let indentation else { return }
        text += "\n" + String(repeating: " ", count: indentation * depth)
    }

    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
