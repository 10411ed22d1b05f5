import CommitProtocol
import Stores
import Values

/// What the commits of a source tell, up to one of them.
struct LakeHistory: Sendable {
    /// How many commits there are.
    private(set) var version = 0
    /// Those of intervals, oldest first.
    private(set) var commits: [LakeCommit] = []
    /// What is recorded of the stream; nil when none has begun.
    private(set) var stream: LakeStream?

    /// Adds the next commit.
    mutating func add(_ commit: LakeCommit) {
        version = commit.version
        commits.append(commit)
    }

    /// Adds the next commit.
    ///
    /// - Returns: false when it does not follow on what is there.
    mutating func add(_ commit: LakeStreamCommit) -> Bool {
        var known = stream
        if let cut = commit.cut, let schema = commit.schema, known == nil {
            known = LakeStream(cut: cut, schema: schema)
        }
        guard var stream = known, stream.add(commit) else { return false }
        version = commit.version
        self.stream = stream
        return true
    }

    /// The same with the files that stand in the place of its own.
    func applying(_ rewrites: LakeRewrites) -> LakeHistory {
        var history = self
        history.commits = commits.map(rewrites.applied)
        history.stream?.parts = stream?.parts.map(rewrites.applied) ?? []
        return history
    }

    /// Every file that counts for some state, with those that hold rejected records.
    var files: [LakeFile] {
        commits.flatMap(\.files)
            + (stream?.parts ?? []).flatMap { [$0.file, $0.rejected] }
            .compactMap { $0 }
    }
}

/// What is recorded of the stream of a source.
struct LakeStream: Sendable {
    let cut: StreamCut
    private(set) var schema: Schema
    private(set) var checkpoints: [Int32: Checkpoint] = [:]
    /// Who wrote a partition before its owner.
    private(set) var formerOwners: [Int32: Set<OwnerToken>] = [:]
    /// What it has brought, oldest first.
    fileprivate(set) var parts: [LakeStreamPart] = []

    fileprivate init(cut: StreamCut, schema: Schema) {
        self.cut = cut
        self.schema = schema
    }

    /// Rows come in the order of their places, without a gap: anything else is no commit of ours.
    fileprivate mutating func add(_ commit: LakeStreamCommit) -> Bool {
        if let part = commit.part {
            guard checkpoints[part.partition]?.next == part.from,
                commit.checkpoints[part.partition]?.next == part.to
            else { return false }
            parts.append(part)
        }
        schema = commit.schema ?? schema
        for (partition, checkpoint) in commit.checkpoints {
            if let former = checkpoints[partition]?.owner, former != checkpoint.owner {
                formerOwners[partition, default: []].insert(former)
            }
            checkpoints[partition] = checkpoint
        }
        return true
    }

    /// The parts as their rows are read: by partition and place.
    var orderedParts: [LakeStreamPart] {
        parts.sorted { ($0.partition, $0.from) < ($1.partition, $1.from) }
    }

    /// How many rows it has brought.
    var rowCount: Int { parts.reduce(0) { $0 + ($1.file?.rowCount ?? 0) } }
}
