import CommitProtocol
import Stores
import Values

/// One change of what is recorded of a stream: where it begins, who writes a partition, or rows and
/// how far the partition is with them.
struct LakeStreamCommit: Hashable, Sendable {
    private static let title = "roost lake stream 1"

    /// Its place in the log, counted from 1.
    let version: Int
    /// When rows were published, by the writer's clock; nil for a commit without rows.
    var publishedAt: EventTime?
    /// Where the batch side ends; in the first one.
    var cut: StreamCut?
    /// The columns of the log, where they change.
    var schema: Schema?
    /// What stands from then on, by partition.
    var checkpoints: [Int32: Checkpoint] = [:]
    /// The rows that it brings.
    var part: LakeStreamPart?

    init(version: Int) { self.version = version }

    /// The commit as lines, ended by a digest of them.
    var text: String {
        var lines = [Self.title, "version \(version)"]
        if let publishedAt { lines.append("published \(publishedAt.microseconds)") }
        if let cut { lines.append("cut \(cut.time.microseconds)") }
        for field in schema?.fields ?? [] { lines.append(field.lakeText) }
        for (partition, checkpoint) in checkpoints.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "checkpoint \(partition) \(checkpoint.next.offset) "
                    + (checkpoint.owner?.text ?? "-"))
        }
        if let part {
            lines.append("rows \(part.partition) \(part.from.offset) \(part.to.offset)")
            if let file = part.file { lines.append("file \(file.text)") }
            if let file = part.rejected { lines.append("rejected \(file.text)") }
        }
        return sealed(lines)
    }

    /// Reads what `text` gives; nil for anything else.
    init?(parsing text: String) {
        guard let lines = unsealed(text), lines.count >= 2, lines[0] == Self.title[...],
            lines[1].hasPrefix("version "), let version = Int(lines[1].dropFirst(8))
        else { return nil }
        self.init(version: version)
        for line in lines.dropFirst(2) {
            guard read(line) else { return nil }
        }
    }

    /// Reads one line; false when it is none of a commit.
    private mutating func read(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return false }
        let numbers = words[1].split(separator: " ").map { Int64($0) }
        switch words[0] {
        case "published": publishedAt = numbers[0].map(EventTime.init(microseconds:))
        case "cut": cut = numbers[0].map { StreamCut(EventTime(microseconds: $0)) }
        case "column":
            guard let field = Field(lakeText: words[1]) else { return false }
            schema = Schema((schema?.fields ?? []) + [field])
        case "checkpoint":
            guard numbers.count == 3, let partition = numbers[0], let next = numbers[1] else {
                return false
            }
            let text = words[1].split(separator: " ")[2]
            let owner = OwnerToken(text: text)
            guard owner != nil || text == "-" else { return false }
            checkpoints[Int32(partition)] = Checkpoint(owner: owner, next: Position(next))
        case "rows":
            guard numbers.count == 3, let partition = numbers[0], let from = numbers[1],
                let to = numbers[2], from <= to
            else { return false }
            part = LakeStreamPart(
                partition: Int32(partition), from: Position(from), to: Position(to))
        case "file": part?.file = LakeFile(parsing: words[1])
        case "rejected": part?.rejected = LakeFile(parsing: words[1])
        default: return false
        }
        return true
    }
}

/// Rows that one commit of a stream brought: those of one partition between two places.
struct LakeStreamPart: Hashable, Sendable {
    let partition: Int32
    let from: Position
    let to: Position
    /// Its rows; nil when there are none.
    var file: LakeFile?
    /// Records that were no rows; nil when there are none.
    var rejected: LakeFile?

    /// Everything that decides its rows, as text.
    var text: String {
        "stream \(partition) \(from.offset) \(to.offset) \(file?.text ?? "-")\n"
    }

    /// Where files of a partition are, in the source's folder.
    static func folder(of partition: Int32) -> String { "\(commonFolder)/p=\(partition)" }

    /// The folder of all partitions.
    static let commonFolder = "stream"
}

extension Field {
    /// A line of a commit. The name stands last, because it may hold blanks; types are written
    /// without.
    var lakeText: String { "column \(type.description.filter { $0 != " " }) \(name)" }

    /// Reads what `lakeText` gives after its first word; nil for anything else.
    init?(lakeText text: Substring) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let type = DataType(parsing: String(parts[0])) else { return nil }
        self.init(name: String(parts[1]), type: type)
    }
}
