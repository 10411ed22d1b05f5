@testable import CommitProtocol

// A model of everything that a commit meets: partitions of a log, a sink in which single commands
// of several workers interleave, and a group that gives partitions to workers. The workers' side is
// the code under test; the rest is as simple as it can be.

/// One state of the world.
struct World: Hashable {
    /// What the sink holds: the checkpoint of each partition, and how often each row was applied.
    struct Sink: Hashable {
        var checkpoints: [Checkpoint]
        var applied: [[UInt8]]
    }

    /// What one worker is about to do.
    enum Step: Hashable {
        case idle
        case watch
        case read
        case load(Checkpoint)
        case write(Checkpoint, isClaim: Bool)
    }

    /// One worker of one partition.
    struct Worker: Hashable {
        let partition: Int
        var owner = CheckpointOwner()
        var step = Step.idle
        /// What its group has told it and it has not heard yet: whether the partition is its own.
        var notice: Bool?
        /// The states as it keeps or has loaded them.
        var states: [[UInt8]]?
        var isWatching = false
        /// Whether the sink went away under its connection.
        var isCutOff = false
        var hasStopped = false
    }

    /// How many faults may still happen.
    struct Faults: Hashable, CustomStringConvertible {
        var rebalances = 0
        var crashes = 0
        var lostReplies = 0
        var rollbacks = 0

        var description: String {
            "\(rebalances) rebalances, \(crashes) crashes, \(lostReplies) lost replies, "
                + "\(rollbacks) rollbacks"
        }
    }

    let setup: Setup
    var sink: Sink
    /// What the sink held before: to this it can be set back.
    var history: [Sink] = []
    var workers: [Worker]
    /// The worker that has each partition.
    var assigned: [Int]
    var faults: Faults
    var tokens: UInt64 = 0
    /// Whether somebody wrote to a checkpoint that another had claimed.
    var wasTrespassed = false

    /// What does not change.
    struct Setup: Hashable {
        /// The rows of each partition.
        var rows = 2
        /// Whether all partitions write to one entity, so that it is watched and never kept.
        var isShared = false
        /// The guard that the sink or its answers leave out.
        var without: Guard?
    }

    /// What keeps a commit right.
    enum Guard: Hashable, CaseIterable {
        /// The transaction is not done when something that is watched has changed.
        case watch
        /// Who is not the checkpoint's owner does not write.
        case token
        /// A batch is written only where it begins.
        case position
    }

    init(partitions: Int, workers: [Int], _ setup: Setup = Setup(), faults: Faults) {
        self.setup = setup
        self.faults = faults
        sink = Sink(
            checkpoints: Array(
                repeating: Checkpoint(owner: nil, next: Position(0)), count: partitions),
            applied: Array(repeating: Array(repeating: 0, count: setup.rows), count: partitions))
        self.workers = workers.map { Worker(partition: $0) }
        assigned = (0..<partitions).map { partition in
            workers.firstIndex(of: partition) ?? 0
        }
        for worker in assigned { self.workers[worker].notice = true }
    }

    /// Whether the states hold the rows before each checkpoint, each once, and only owners wrote.
    var isRight: Bool {
        !wasTrespassed
            && zip(sink.checkpoints, sink.applied).allSatisfy { checkpoint, applied in
                applied.enumerated().allSatisfy { offset, count in
                    count == (offset < checkpoint.next.offset ? 1 : 0)
                }
            }
    }

    /// Whether all rows are applied.
    var isComplete: Bool {
        sink.checkpoints.allSatisfy { $0.next.offset == setup.rows }
    }

}
