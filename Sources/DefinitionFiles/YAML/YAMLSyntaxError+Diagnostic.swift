import Values

extension YAMLSyntaxError {
    /// The error in the words of the definition language.
    func diagnostic(in source: SourceText) -> Diagnostic {
        if let context, context.contains("flow") {
            let start = location(contextMark, in: source)
            if let blockForm = BlockForm.ofBrokenCollection(at: start, in: source) {
                return Diagnostic(
                    "a list or map in brackets cannot hold this text (YAML: \(problem))",
                    at: start, hint: "write it in block style:\n\(blockForm)")
            }
        }
        // An end of file that comes too soon says nothing about where the quote was opened, and
        // a line without a colon is noticed only in the next one.
        let isEarlier =
            context?.contains("quoted scalar") == true || problem.hasPrefix("could not find")
        let place = location(isEarlier ? contextMark : mark, in: source)
        return Diagnostic(
            message, at: place, hint: quotedForm(of: source.line(place.line) ?? "") ?? hint)
    }

    /// The line with its value in double quotes, if a colon or a quote in the value is what YAML
    /// stumbles on.
    private func quotedForm(of line: String) -> String? {
        let problems = [
            "mapping values are not allowed in this context", "did not find expected key",
        ]
        guard problems.contains(problem), let colon = line.firstRange(of: ": ") else { return nil }
        let key = line[..<colon.lowerBound].trimmed
        var value = line[colon.upperBound...].trimmed
        guard value.contains("'"), !value.hasPrefix("\"") else { return nil }
        value = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "put the value in double quotes: \(key): \"\(value)\""
    }

    private var message: String {
        guard let context, !context.isEmpty else { return "no valid YAML: \(problem)" }
        return "no valid YAML: \(problem) \(context)"
    }

    private var hint: String? {
        switch problem {
        case "mapping values are not allowed in this context":
            "a text with `: ` inside stands in double quotes; a map's keys stand below each other"
        case "found character that cannot start any token", "found unknown escape character":
            "a text that begins with a special character stands in single quotes"
        case "did not find expected key", "did not find expected '-' indicator":
            "check the indentation; an expression that begins with a quote stands in double quotes"
        case "found unexpected end of stream": "a closing quote or bracket is missing"
        case "could not find expected ':'": "every line of a map is `key: value`"
        default: nil
        }
    }

    private func location(_ mark: YAMLMark, in source: SourceText) -> SourceLocation {
        let line = min(mark.line + 1, source.lineCount)
        return SourceLocation(
            file: source.path, line: line, column: line == mark.line + 1 ? mark.column + 1 : 1)
    }
}
