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
        for field in schema.fields { lines.append(field.lakeText) }
        for file in files { lines.append("file \(file.text)") }
        return sealed(lines)
    }

    /// Reads what `text` gives; nil for anything else.
    init?(parsing text: String) {
        guard let lines = unsealed(text), lines.first == Self.title[...] else { return nil }
        var reader = CommitReader()
        for line in lines.dropFirst() {
            guard reader.read(line) else { return nil }
        }
        guard let commit = reader.commit else { return nil }
        self = commit
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
        guard let field = Field(lakeText: text),
            !fields.contains(where: { $0.name == field.name })
        else { return false }
        fields.append(field)
        return true
    }

    private mutating func readFile(_ text: Substring) -> Bool {
        guard let file = LakeFile(parsing: text) else { return false }
        files.append(file)
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
