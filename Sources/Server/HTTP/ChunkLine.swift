/// `chunk-size [ chunk-ext ]` of RFC 9112 section 7.1, without its line end.
struct ChunkLine {
    /// How many bytes of data follow.
    let size: Int
    /// How many bytes the extensions take.
    let extensionCount: Int

    init(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        let digits = line.prefix { ASCII.hexValue($0) != nil }
        guard !digits.isEmpty else {
            throw HTTPRefusal(.badRequest, "'\(line.shown)' is no chunk size")
        }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        size =
            significant.count > 15
            ? .max : significant.reduce(0) { $0 * 16 + (ASCII.hexValue($1) ?? 0) }
        var reader = ExtensionReader(rest: line[digits.endIndex...])
        extensionCount = reader.rest.count
        guard reader.readAll() else {
            throw HTTPRefusal(.badRequest, "'\(line.shown)' has a malformed chunk extension")
        }
    }
}

/// Checks chunk extensions, whose meaning is ignored: `*( BWS ";" BWS name [ BWS "=" BWS value ] )`.
private struct ExtensionReader {
    var rest: ArraySlice<UInt8>

    mutating func readAll() -> Bool {
        while !rest.isEmpty {
            skipBlanks()
            guard skip(ASCII.semicolon) else { return false }
            skipBlanks()
            guard skipToken() else { return false }
            let afterName = rest
            skipBlanks()
            guard skip(ASCII.equals) else {
                rest = afterName
                continue
            }
            skipBlanks()
            guard skipToken() || skipQuoted() else { return false }
        }
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == ASCII.space || $0 == ASCII.tab }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipToken() -> Bool {
        let count = rest.count
        rest = rest.drop(while: ByteSet.token.contains)
        return rest.count < count
    }

    private mutating func skipQuoted() -> Bool {
        guard skip(ASCII.quote) else { return false }
        while let byte = rest.popFirst() {
            if byte == ASCII.quote { return true }
            let content = byte == ASCII.backslash ? rest.popFirst() : byte
            guard let content, (content >= 32 && content != 127) || content == ASCII.tab else {
                return false
            }
        }
        return false
    }
}
