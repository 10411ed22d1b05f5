import Values

/// Files that others took the place of, with some of their rows left out.
///
/// A rewrite holds for every commit that lists one of the files, so no state of the log has the
/// rows any more; what is published stays as it is. It says nothing of whose rows they were.
struct LakeRewrite: Hashable, Sendable {
    static let suffix = ".rewrite"
    private static let title = "roost lake rewrite 1"

    /// Its place, counted from 1.
    let number: Int
    /// When it was published, by the writer's clock.
    let publishedAt: EventTime
    /// By the path of a file: the one in its place; nil where no row was left.
    var files: [String: LakeFile?] = [:]

    /// The rewrite as lines, ended by a digest of them.
    var text: String {
        var lines = [Self.title, "number \(number)", "published \(publishedAt.microseconds)"]
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            lines.append("gone \(path)")
            if let file { lines.append("file \(file.text)") }
        }
        return sealed(lines)
    }

    init(number: Int, publishedAt: EventTime) {
        self.number = number
        self.publishedAt = publishedAt
    }

    /// Reads what `text` gives; nil for anything else.
    init?(parsing text: String) {
        guard let lines = unsealed(text), lines.count >= 3, lines[0] == Self.title[...],
            let number = lines[1].number(after: "number "),
            let published = lines[2].number(after: "published ")
        else { return nil }
        self.init(
            number: Int(number), publishedAt: EventTime(microseconds: published))
        var gone: String?
        for line in lines.dropFirst(3) {
            if line.hasPrefix("gone ") {
                gone = String(line.dropFirst(5))
                if let gone { files[gone] = .some(nil) }
            } else if line.hasPrefix("file "), let path = gone,
                let file = LakeFile(parsing: line.dropFirst(5))
            {
                files[path] = file
                gone = nil
            } else {
                return nil
            }
        }
    }
}

/// All rewrites of a log, one after the other.
struct LakeRewrites {
    private var files: [String: LakeFile?] = [:]

    /// - Parameter rewrites: oldest first; a later one may rewrite the files of an earlier one.
    init(_ rewrites: [LakeRewrite]) {
        for rewrite in rewrites { files.merge(rewrite.files) { _, later in later } }
    }

    /// The commit with the files that stand in the place of its own.
    func applied(to commit: LakeCommit) -> LakeCommit {
        if files.isEmpty { return commit }
        var commit = commit
        commit.files = commit.files.compactMap(newest)
        return commit
    }

    /// The same for what a stream has brought.
    func applied(to part: LakeStreamPart) -> LakeStreamPart {
        if files.isEmpty { return part }
        var part = part
        part.file = part.file.flatMap(newest)
        part.rejected = part.rejected.flatMap(newest)
        return part
    }

    private func newest(_ file: LakeFile) -> LakeFile? {
        var file = file
        while let next = files[file.path] {
            guard let next else { return nil }
            file = next
        }
        return file
    }
}

extension Substring {
    fileprivate func number(after word: String) -> Int64? {
        hasPrefix(word) ? Int64(dropFirst(word.count)) : nil
    }
}
