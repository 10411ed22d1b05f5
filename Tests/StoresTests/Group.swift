import CommitProtocol
import Redis
import Stores
import Synchronization
import TestSupport

/// Workers that share the partitions of a log, and what happens to them.
final class Group: Sendable {
    struct State {
        var assigned: [Int]
        var counts = Counts()
        var finished: Set<Int> = []
        /// How often the server was set back: what a worker saw before does not count then.
        var setbacks = 0
        var isOver = false
        var generator: SeededGenerator
    }

    /// How often what was hit.
    struct Counts {
        var commits = 0
        var fences = 0
        var rewinds = 0
        var departures = 0
        var deaths = 0
        var failures = 0

        /// Whether all of it happened.
        var isComplete: Bool { fences > 0 && rewinds > 0 && deaths > 0 && failures > 0 }
    }

    private let state: Mutex<State>
    let log: Log
    let isShared: Bool

    init(_ log: Log, workers: Int, isShared: Bool, seed: UInt64) {
        self.log = log
        self.isShared = isShared
        state = Mutex(
            State(
                assigned: log.rows.indices.map { $0 % workers },
                generator: SeededGenerator(seed: seed)))
    }

    func withState<Result: Sendable>(_ body: (inout sending State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    func draw(_ range: Range<Int>) -> Int {
        state.withLock { Int.random(in: range, using: &$0.generator) }
    }

    func token() -> OwnerToken { state.withLock { .random(using: &$0.generator) } }

    func isMine(_ partition: Int, _ worker: Int) -> Bool {
        state.withLock { $0.assigned[partition] == worker }
    }

    /// Gives a partition to another worker, who may hear of it before the first one does.
    func rebalance(workers: Int) {
        state.withLock { state in
            let partition = Int.random(in: state.assigned.indices, using: &state.generator)
            state.assigned[partition] = Int.random(in: 0..<workers, using: &state.generator)
        }
    }

    /// The server is set back: nobody knows whether any partition is at its end.
    func setBack() {
        state.withLock { state in
            state.setbacks += 1
            state.finished = []
        }
    }

    var setbacks: Int { state.withLock { $0.setbacks } }

    /// A batch is written, as a worker says who began to write it after `setbacks`.
    func commit(_ partition: Int, isAtEnd: Bool, after setbacks: Int) {
        state.withLock { state in
            state.counts.commits += 1
            guard isAtEnd, setbacks == state.setbacks else { return }
            state.finished.insert(partition)
        }
    }

    var counts: Counts { state.withLock { $0.counts } }
    var isOver: Bool { state.withLock { $0.isOver } }
    var isFinished: Bool { state.withLock { $0.finished.count == log.rows.count } }
    func end() { state.withLock { $0.isOver = true } }
}

/// One worker: reads the log where its partitions are and commits batches.
struct GroupWorker {
    let number: Int
    let group: Group
    let deployment: any RedisDeployment

    private struct Reader {
        var committer: RedisCommitter
        var position: Int
    }

    /// Works until the group is over.
    func run() throws {
        var readers: [Int: Reader] = [:]
        while !group.isOver {
            for partition in group.log.rows.indices {
                try step(partition, &readers[partition])
            }
            // It dies with all that it knows, and is started again.
            if group.draw(0..<300) == 0 {
                readers = [:]
                group.withState { $0.counts.deaths += 1 }
            }
        }
    }

    private func step(_ partition: Int, _ reader: inout Reader?) throws {
        guard let current = reader else {
            guard group.isMine(partition, number) else { return }
            do {
                reader = try claimed(partition)
            } catch let error as StoreError where error.isRetriable {
                group.withState { $0.counts.departures += 1 }
            }
            return
        }
        // Who has lost a partition often does not hear of it for a while.
        if !group.isMine(partition, number), group.draw(0..<4) == 0 {
            current.committer.release()
            reader = nil
            return
        }
        let begin = current.position
        let end = min(begin + group.draw(0..<20), group.log.rows[partition].count)
        let batch = group.log.batch(partition, begin..<end, isShared: group.isShared)
        let setbacks = group.setbacks
        do {
            let action = try current.committer.commit(batch)
            reader = try next(action, current, partition, after: setbacks)
        } catch let error as StoreError where error.isRetriable {
            group.withState { $0.counts.departures += 1 }
            reader = nil
        }
    }

    private func claimed(_ partition: Int) throws -> Reader? {
        let committer = RedisCommitter(
            deployment, generation: Log.generation, partition: Int32(partition),
            isShared: group.isShared
        ) { [group] attempt in
            group.withState { $0.counts.failures += 1 }
            RedisCommitter.pause(attempt: attempt)
        }
        let reader = Reader(committer: committer, position: 0)
        return try next(
            committer.claim(group.token()), reader, partition, after: group.setbacks)
    }

    private func next(
        _ action: CommitAction, _ reader: Reader, _ partition: Int, after setbacks: Int
    ) throws -> Reader? {
        var reader = reader
        switch action {
        case .goOn(let position):
            reader.position = Int(position.offset)
            let isAtEnd = reader.position == group.log.rows[partition].count
            group.commit(partition, isAtEnd: isAtEnd, after: setbacks)
        case .resume(let position):
            if Int(position.offset) < reader.position {
                group.withState { $0.counts.rewinds += 1 }
            }
            reader.position = Int(position.offset)
        case .askAssignment:
            group.withState { $0.counts.fences += 1 }
            guard group.isMine(partition, number) else {
                reader.committer.release()
                return nil
            }
            return try next(
                reader.committer.claim(group.token()), reader, partition, after: setbacks)
        case .leave:
            group.withState { $0.counts.departures += 1 }
            return nil
        default: throw Unexpected(action: action)
        }
        return reader
    }

    struct Unexpected: Error { var action: CommitAction }
}
