import Values

/// One definition file: its text in lines and its tree.
struct YAMLDocument {
    /// A bigger file is no definition that a person wrote.
    static let greatestSize = 4 << 20

    let source: SourceText
    /// nil when the file has no document or something is wrong with it as YAML.
    let root: YAMLNode?
    /// What is wrong with the file as YAML.
    let diagnostics: [Diagnostic]

    /// Reads the bytes of a file; never fails, but collects what is wrong.
    init(_ bytes: [UInt8], path: String) {
        let start = SourceLocation(file: path, line: 1, column: 1)
        guard bytes.count <= Self.greatestSize else {
            self.init(
                SourceText(path: path, text: ""),
                error: Diagnostic(
                    "the file has \(bytes.count) bytes, more than \(Self.greatestSize)",
                    at: start, hint: "definitions can be split over several files"))
            return
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: body, as: UTF8.self) else {
            let readable = String(decoding: body, as: UTF8.self)
            self.init(
                SourceText(path: path, text: readable), error: invalidUTF8(body, path: path))
            return
        }
        let source = SourceText(path: path, text: text)
        if let error = unreadableCharacter(text, path: path) ?? tabInIndentation(source) {
            self.init(source, error: error)
            return
        }
        self.init(source, bytes: body)
    }

    private init(_ source: SourceText, error: Diagnostic) {
        self.source = source
        root = nil
        diagnostics = [error]
    }

    private init(_ source: SourceText, bytes: [UInt8]) {
        self.source = source
        var composer = YAMLComposer(bytes, file: source.path)
        do {
            let node = try composer.compose()
            diagnostics = composer.diagnostics
            // What lacks an alias or a duplicate key would only be reported for that.
            root = diagnostics.isEmpty ? node : nil
        } catch {
            root = nil
            diagnostics = composer.diagnostics + [error.diagnostic(in: source)]
        }
    }
}

/// The place of the first byte that is no UTF-8.
private func invalidUTF8(_ bytes: [UInt8], path: String) -> Diagnostic {
    var line = 1
    var lineStart = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
        if String(validating: bytes[lineStart...index], as: UTF8.self) == nil { break }
        line += 1
        lineStart = index + 1
    }
    var column = 1
    var decoder = UTF8()
    var iterator = bytes[lineStart...].makeIterator()
    while case .scalarValue = decoder.decode(&iterator) { column += 1 }
    return Diagnostic(
        "this is not UTF-8", at: SourceLocation(file: path, line: line, column: column),
        hint: "save the file as UTF-8")
}

/// The first control character, which YAML does not allow.
private func unreadableCharacter(_ text: String, path: String) -> Diagnostic? {
    var line = 1
    var column = 1
    for scalar in text.unicodeScalars {
        let value = scalar.value
        if value < 0x20 && scalar != "\n" && scalar != "\r" && scalar != "\t" || value == 0x7F
            || (0x80..<0xA0).contains(value) && value != 0x85 || value == 0xFEFF
            || value == 0xFFFE || value == 0xFFFF
        {
            let digits = String(value, radix: 16, uppercase: true)
            let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return Diagnostic(
                "the control character U+\(code) is not allowed",
                at: SourceLocation(file: path, line: line, column: column), hint: "remove it")
        }
        if scalar == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
    }
    return nil
}

private func tabInIndentation(_ source: SourceText) -> Diagnostic? {
    for number in 1...source.lineCount {
        guard let line = source.line(number) else { continue }
        let blanks = line.unicodeScalars.prefix { $0 == " " || $0 == "\t" }
        guard let tab = blanks.firstIndex(of: "\t"), blanks.endIndex < line.endIndex else {
            continue
        }
        let column = line.unicodeScalars.distance(from: line.startIndex, to: tab) + 1
        return Diagnostic(
            "a tab in the indentation",
            at: SourceLocation(file: source.path, line: number, column: column),
            hint: "YAML indents with blanks")
    }
    return nil
}
