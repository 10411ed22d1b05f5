import Stores

/// The commits of one source, each a file of its own, numbered without a gap.
///
/// A commit comes to be by linking its complete file under its number, which fails when the number
/// is taken: that is the compare-and-set between writers, and what makes an append whole.
struct CommitLog {
    /// The source's folder.
    let source: String

    private var folder: String { "\(source)/_log" }

    /// All commits up to `point`, oldest first.
    func read(upTo point: LogPoint = .newest) throws(LakeError) -> [LakeCommit] {
        var names = try LakeFiles.names(in: folder).filter { $0.hasSuffix(".commit") }
        if case .version(let limit) = point { names = Array(names.prefix(max(0, limit))) }
        let rewrites = LakeRewrites(try rewrites())
        var commits: [LakeCommit] = []
        for name in names {
            let path = "\(folder)/\(name)"
            let version = commits.count + 1
            guard name == Self.name(of: version) else {
                throw .corrupt("\(folder)/\(Self.name(of: version))", "is missing")
            }
            let text = String(validating: try LakeFiles.bytes(of: path), as: UTF8.self)
            guard let commit = text.flatMap(LakeCommit.init(parsing:)), commit.version == version
            else { throw .corrupt(path, "is damaged") }
            if let replaced = commit.replaces, !(1..<version).contains(replaced) {
                throw .corrupt(path, "replaces version \(replaced), which is not before it")
            }
            if case .time(let time) = point, commit.publishedAt > time { break }
            commits.append(rewrites.applied(to: commit))
        }
        return commits
    }

    /// All rewrites of files, oldest first: each holds for every state of the log.
    func rewrites() throws(LakeError) -> [LakeRewrite] {
        var rewrites: [LakeRewrite] = []
        for name in try LakeFiles.names(in: folder) where name.hasSuffix(LakeRewrite.suffix) {
            let path = "\(folder)/\(name)"
            let number = rewrites.count + 1
            guard name == Self.digits(number) + LakeRewrite.suffix else {
                throw .corrupt(
                    "\(folder)/\(Self.digits(number))\(LakeRewrite.suffix)", "is missing")
            }
            let text = String(validating: try LakeFiles.bytes(of: path), as: UTF8.self)
            guard let rewrite = text.flatMap(LakeRewrite.init(parsing:)), rewrite.number == number
            else { throw .corrupt(path, "is damaged") }
            rewrites.append(rewrite)
        }
        return rewrites
    }

    /// Adds a rewrite; false when another writer was faster. It counts from this moment on.
    func append(_ rewrite: LakeRewrite) throws(LakeError) -> Bool {
        let path = "\(folder)/\(Self.digits(rewrite.number))\(LakeRewrite.suffix)"
        return try LakeFiles.publish(Array(rewrite.text.utf8), as: path)
    }

    /// Adds a commit; false when another writer was faster. It counts from this moment on, and
    /// survives a loss of power after `sync`.
    func append(_ commit: LakeCommit) throws(LakeError) -> Bool {
        let path = "\(folder)/\(Self.name(of: commit.version))"
        return try LakeFiles.publish(Array(commit.text.utf8), as: path)
    }

    func sync() throws(LakeError) { try LakeFiles.sync(folder: folder) }

    func makeFolder() throws(LakeError) { try LakeFiles.makeFolder(folder) }

    /// Removes files that a writer left which died before it published them.
    func sweep() throws(LakeError) {
        for name in try LakeFiles.names(in: folder) where name.hasSuffix(".tmp") {
            try LakeFiles.remove("\(folder)/\(name)")
        }
        let listed = Set(try read().flatMap(\.files).map(\.path))
        for day in try LakeFiles.names(in: source) where day.hasPrefix("ds=") {
            for name in try LakeFiles.names(in: "\(source)/\(day)")
            where !listed.contains("\(day)/\(name)") {
                try LakeFiles.remove("\(source)/\(day)/\(name)")
            }
        }
    }

    /// Twenty digits, so that names sort as numbers do.
    private static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    private static func name(of version: Int) -> String { digits(version) + ".commit" }
}
