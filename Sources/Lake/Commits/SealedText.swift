import Values

// Every file of a log is lines, of which the last is the digest of all before: a file that was cut
// or changed is noticed.

/// Lines as the text of a file, ended by their digest.
func sealed(_ lines: [String]) -> String {
    let body = lines.joined(separator: "\n") + "\n"
    return body + "end \(hexadecimal(SHA256.hash(Array(body.utf8))))\n"
}

/// The lines of what `sealed` gives; nil for anything else.
func unsealed(_ text: String) -> [Substring]? {
    guard text.hasSuffix("\n"), let lineEnd = text.dropLast().lastIndex(of: "\n") else {
        return nil
    }
    let end = text.index(after: lineEnd)
    let body = text[..<end]
    guard text[end...] == "end \(hexadecimal(SHA256.hash(Array(body.utf8))))\n" else { return nil }
    return body.split(separator: "\n")
}

extension LakeFile {
    /// Rows, bytes, digest and path.
    var text: String { "\(rowCount) \(byteCount) \(hexadecimal(footerDigest)) \(path)" }

    /// Reads what `text` gives; nil for anything else.
    init?(parsing text: Substring) {
        let parts = text.split(separator: " ", maxSplits: 3)
        guard parts.count == 4, let rows = Int(parts[0]), rows >= 0, let size = Int(parts[1]),
            let digest = bytes(hexadecimal: parts[2]), !parts[3].hasPrefix("/"),
            !parts[3].contains("..")
        else { return nil }
        self.init(
            path: String(parts[3]), rowCount: rows, byteCount: size, footerDigest: digest)
    }
}
