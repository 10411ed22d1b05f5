import Stores
import Values

extension LakeCommit {
    private static let title = "roost lake commit 1"

    /// The commit as lines, ended by a digest of them.
    var text: String {
        var lines = [Self.title, "version \(version)"]
        lines.append("interval \(interval.from.microseconds) \(interval.to.microseconds)")
        lines.append("identity \(hexadecimal(identity))")
        lines.append("published \(publishedAt.microseconds)")
        if let replaces { lines.append("replaces \(replaces)") }
        // The name stands last, because it may hold blanks; types are written without.
        for field in schema.fields {
            lines.append("column \(field.type.description.filter { $0 != " " }) \(field.name)")
        }
        for file in files {
            let numbers = "\(file.rowCount) \(file.byteCount)"
            lines.append("file \(numbers) \(hexadecimal(file.footerDigest)) \(file.path)")
        }
        let body = lines.joined(separator: "\n") + "\n"
        return body + "end \(hexadecimal(SHA256.hash(Array(body.utf8))))\n"
    }

    /// Reads what `text` gives; nil for anything else.
    init?(parsing text: String) {
        guard let end = text.range(ofLast: "end "), text.hasSuffix("\n") else { return nil }
        let body = text[..<end]
        let digest = hexadecimal(SHA256.hash(Array(body.utf8)))
        guard text[end...] == "end \(digest)\n", body.hasPrefix(Self.title + "\n") else {
            return nil
        }
        var reader = CommitReader()
        for line in body.split(separator: "\n").dropFirst() {
            guard reader.read(line) else { return nil }
        }
        guard let commit = reader.commit else { return nil }
        self = commit
    }
}

extension String {
    /// Where the last line that begins with `word` begins.
    fileprivate func range(ofLast word: String) -> String.Index? {
        guard let lineEnd = dropLast().lastIndex(of: "\n") else { return nil }
        let start = index(after: lineEnd)
        return self[start...].hasPrefix(word) ? start : nil
    }
}

private struct CommitReader {
    private var version: Int?
    private var interval: EventInterval?
    private var identity: [UInt8]?
    private var publishedAt: EventTime?
    private var replaces: Int?
    private var fields: [Field] = []
    private var files: [LakeFile] = []

    mutating func read(_ line: Substring) -> Bool {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return false }
        switch parts[0] {
        case "version": version = Int(parts[1])
        case "published":
            publishedAt = Int64(parts[1]).map(EventTime.init(microseconds:))
        case "replaces":
            replaces = Int(parts[1])
            return replaces != nil
        case "identity": identity = bytes(hexadecimal: parts[1])
        case "interval": interval = readInterval(parts[1])
        case "column": return readColumn(parts[1])
        case "file": return readFile(parts[1])
        default: return false
        }
        return true
    }

    private func readInterval(_ text: Substring) -> EventInterval? {
        let times = text.split(separator: " ").compactMap { Int64($0) }
        guard times.count == 2, times[0] < times[1] else { return nil }
        return EventInterval(
            from: EventTime(microseconds: times[0]), to: EventTime(microseconds: times[1]))
    }

    private mutating func readColumn(_ text: Substring) -> Bool {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let type = DataType(parsing: String(parts[0])),
            !fields.contains(where: { $0.name == parts[1] })
        else { return false }
        fields.append(Field(name: String(parts[1]), type: type))
        return true
    }

    private mutating func readFile(_ text: Substring) -> Bool {
        let parts = text.split(separator: " ", maxSplits: 3)
        guard parts.count == 4, let rows = Int(parts[0]), rows >= 0, let size = Int(parts[1]),
            let digest = bytes(hexadecimal: parts[2]), !parts[3].hasPrefix("/"),
            !parts[3].contains("..")
        else { return false }
        files.append(
            LakeFile(
                path: String(parts[3]), rowCount: rows, byteCount: size, footerDigest: digest))
        return true
    }

    var commit: LakeCommit? {
        guard let version, let interval, let identity, let publishedAt,
            !fields.isEmpty
        else { return nil }
        return LakeCommit(
            version: version, interval: interval, identity: identity,
            publishedAt: publishedAt, replaces: replaces, schema: Schema(fields), files: files)
    }
}
