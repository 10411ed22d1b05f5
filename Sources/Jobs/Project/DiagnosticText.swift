public import Values

extension Diagnostic {
    /// The diagnostic for people: place and message, the line with a caret under the mistake, and
    /// the remedy.
    ///
    /// - Parameter texts: the files that may be shown.
    /// - Returns: two to four lines.
    public func lines(in texts: [SourceText]) -> [String] {
        var lines = ["\(location): \(message)"]
        if let text = texts.first(where: { $0.path == location.file })?.line(location.line),
            !text.isEmpty
        {
            let number = String(location.line)
            let margin = String(repeating: " ", count: number.count)
            lines.append(" \(number) | \(text)")
            lines.append(" \(margin) | \(caret(under: text))")
        }
        if let hint { lines.append("  hint: \(hint)") }
        return lines
    }

    private func caret(under text: String) -> String {
        let before = text.unicodeScalars.prefix(location.column - 1).map { $0 == "\t" ? "\t" : " " }
        let room = text.unicodeScalars.count - (location.column - 1)
        return before.joined() + String(repeating: "^", count: max(1, min(length, room)))
    }
}
