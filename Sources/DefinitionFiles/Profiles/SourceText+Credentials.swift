import Values

extension SourceText {
    /// The text without what may be secret, columns kept: starred out is everything between `//` and
    /// `@`, and what belongs to a name with a point in it, as settings of Kafka's client have.
    var withoutCredentials: SourceText {
        var lines: [String] = []
        var setting: Int?
        for line in (1...lineCount).map({ line($0) ?? "" }) {
            let scalars = Array(line.unicodeScalars)
            let depth = scalars.prefix { $0 == " " }.count
            if let outer = setting, depth > outer || depth == scalars.count {
                lines.append(starred(scalars, from: depth))
                continue
            }
            setting = nil
            if let colon = colonOfSetting(scalars) {
                setting = depth
                lines.append(starred(scalars, from: colon + 1))
            } else {
                lines.append(starred(line))
            }
        }
        return SourceText(path: path, text: lines.joined(separator: "\n"))
    }

    /// The colon behind the first name with a point in it.
    private func colonOfSetting(_ line: [Unicode.Scalar]) -> Int? {
        var hasPoint = false
        for (position, character) in line.enumerated() {
            switch character {
            case ".": hasPoint = true
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "'", "\"": continue
            case ":" where hasPoint:
                let isEnd = position + 1 == line.count
                if isEnd || " '\"\t".unicodeScalars.contains(line[position + 1]) { return position }
            case " ": if line[position...].first(where: { $0 != " " }) != ":" { hasPoint = false }
            default: hasPoint = false
            }
        }
        return nil
    }

    private func starred(_ line: [Unicode.Scalar], from start: Int) -> String {
        var text = ""
        for (position, character) in line.enumerated() {
            text.unicodeScalars.append(position < start || character == " " ? character : "*")
        }
        return text
    }

    private func starred(_ line: String) -> String {
        var scalars = Array(line.unicodeScalars)
        var position = 0
        while position + 1 < scalars.count {
            defer { position += 1 }
            guard scalars[position] == "/", scalars[position + 1] == "/",
                let end = scalars[position...].lastIndex(of: "@")
            else { continue }
            for index in position + 2..<max(end, position + 2) { scalars[index] = "*" }
            position = end
        }
        return scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    }
}
