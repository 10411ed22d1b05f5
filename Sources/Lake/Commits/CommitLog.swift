import CommitProtocol
import Glibc
import Stores

/// The commits of one source, each a file of its own, numbered without a gap.
///
/// A commit comes to be by linking its complete file under its number, which fails when the number
/// is taken: that is the compare-and-set between writers, and what makes an append whole.
struct CommitLog {
    /// The source's folder.
    let source: String

    private var folder: String { "\(source)/_log" }

    /// What all commits up to `point` tell.
    func read(upTo point: LogPoint = .newest) throws(LakeError) -> LakeHistory {
        // A commit that is listed has all before it beside it.
        let names = try LakeFiles.names(in: folder).filter { $0.hasSuffix(".commit") }
        let rewrites = LakeRewrites(try rewrites())
        var history = LakeHistory()
        try advance(&history, upTo: point, listed: names.last)
        return history.applying(rewrites)
    }

    /// Adds what later commits tell, up to `point`; the commit of the name `listed` is there.
    func advance(
        _ history: inout LakeHistory, upTo point: LogPoint = .newest, listed: String? = nil
    ) throws(LakeError) {
        while true {
            let version = history.version + 1
            if case .version(let limit) = point, version > limit { return }
            let path = "\(folder)/\(Self.name(of: version))"
            guard LakeFiles.exists(path) else {
                guard let listed, listed > Self.name(of: version) else { return }
                throw .corrupt(path, "is missing")
            }
            let text = String(validating: try LakeFiles.bytes(of: path), as: UTF8.self) ?? ""
            if let commit = LakeCommit(parsing: text), commit.version == version {
                if let replaced = commit.replaces, !(1..<version).contains(replaced) {
                    throw .corrupt(path, "replaces version \(replaced), which is not before it")
                }
                if case .time(let time) = point, commit.publishedAt > time { return }
                history.add(commit)
            } else if let commit = LakeStreamCommit(parsing: text), commit.version == version {
                if case .time(let time) = point, let published = commit.publishedAt,
                    published > time
                {
                    return
                }
                guard history.add(commit) else {
                    throw .corrupt(path, "does not follow on the commits before it")
                }
            } else {
                throw .corrupt(path, "is damaged")
            }
        }
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
        return try LakeFiles.publish(Array(rewrite.text.utf8), as: path, by: "\(getpid())")
    }

    /// Adds a commit; false when another writer was faster. It counts from this moment on, and
    /// survives a loss of power after `sync`.
    func append(_ commit: LakeCommit) throws(LakeError) -> Bool {
        let path = "\(folder)/\(Self.name(of: commit.version))"
        return try LakeFiles.publish(Array(commit.text.utf8), as: path, by: "\(getpid())")
    }

    /// The same for a commit of a stream, of the worker of that token.
    func append(
        _ commit: LakeStreamCommit, by token: OwnerToken
    ) throws(LakeError) -> Bool {
        let path = "\(folder)/\(Self.name(of: commit.version))"
        return try LakeFiles.publish(Array(commit.text.utf8), as: path, by: token.text)
    }

    func sync() throws(LakeError) { try LakeFiles.sync(folder: folder) }

    func makeFolder() throws(LakeError) { try LakeFiles.makeFolder(folder) }

    /// Removes files that a writer left which died before it published them. Those of workers of a
    /// stream are left alone.
    func sweep() throws(LakeError) {
        try remove(".\(LakeFiles.unfinished)", in: folder) { name in
            // Between the dots stands whose it is: a process, or a worker's token.
            name.split(separator: ".").dropLast().last.flatMap { Int32($0) } != nil
        }
        let listed = Set(try read().files.map(\.path))
        let days = try LakeFiles.names(in: source).filter { $0.hasPrefix("ds=") }
        for day in days + [LakeStreamPart.commonFolder] {
            try remove("", in: "\(source)/\(day)") { name in
                !name.hasPrefix("p=") && !listed.contains("\(day)/\(name)")
            }
        }
    }

    /// Removes files that workers left who wrote `partition` before its owner. They can publish
    /// nothing any more: whatever they still do, the commit that they rely on is not the last.
    func sweep(
        _ partition: Int32, of stream: LakeStream
    ) throws(LakeError) {
        let former = stream.formerOwners[partition] ?? []
        let listed = Set(stream.parts.flatMap { [$0.file?.path, $0.rejected?.path] })
        let part = LakeStreamPart.folder(of: partition)
        let isLeft = { (name: String) in
            // The token is the second part of a name that has several, in both folders.
            name.split(whereSeparator: { "-.".contains($0) }).contains { word in
                OwnerToken(text: word).map(former.contains) ?? false
            }
        }
        try remove("", in: "\(source)/\(part)") { name in
            isLeft(name) && !listed.contains("\(part)/\(name)")
        }
        try remove(".\(LakeFiles.unfinished)", in: folder, where: isLeft)
    }

    private func remove(
        _ suffix: String, in folder: String, where isLeft: (String) -> Bool
    ) throws(LakeError) {
        for name in try LakeFiles.names(in: folder) where name.hasSuffix(suffix) && isLeft(name) {
            try LakeFiles.remove("\(folder)/\(name)")
        }
    }

    /// Twenty digits, so that names sort as numbers do.
    private static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    private static func name(of version: Int) -> String { digits(version) + ".commit" }
}
