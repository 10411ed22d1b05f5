// The commit protocol of stream processors, of one checkpoint.
//
// Idea. How far the log was applied stands beside the states and moves in the same transaction, so a
// crash leaves both or neither. Who wants to write claims the checkpoint with a token of its own.
// Every transaction is made of two steps: watch the checkpoint and read it; write, if nothing that
// is watched has changed. Only what stands in the sink decides: a reply that never came, a fence
// and a sink that was set back are all told apart by reading the checkpoint again.
//
// Invariant. The states hold the rows before `next`, each exactly once, whatever is killed, paused,
// cut off or set back, wherever.
//
// Source. Fencing tokens after Kleppmann (How to do distributed locking, 2016); the position in
// the sink's transaction is the known way to exactly-once sinks.

/// One worker's side of one checkpoint: what it does next after what has happened.
///
/// A driver performs the action that it is given and answers with what came of it; it hands over
/// one event at a time.
public struct CheckpointOwner: Hashable, Sendable {
    /// Where the worker stands.
    enum Phase: Hashable {
        /// The partition is not this worker's.
        case released
        /// It is, but its checkpoint does not say so yet.
        case claiming
        /// The next batch may come.
        case ready
        /// The rows before `end` are being written; `mayBeDone` once a transaction was sent.
        case committing(end: Position, mayBeDone: Bool)
        /// Another has claimed the checkpoint; whose is the partition?
        case fenced
    }

    /// How often one step is tried again before the worker leaves.
    public static let greatestAttempts = 20

    private(set) var phase = Phase.released
    private(set) var token = OwnerToken(high: 0, low: 0)
    /// The states hold the rows before it, as far as this worker knows.
    private(set) var position = Position(0)
    private var attempt = 0
    /// Whether it was fenced and has not committed since.
    private var wasFenced = false

    /// A worker that has nothing.
    public init() {}

    /// What is to be done after `event`.
    public mutating func handle(_ event: CommitEvent) -> CommitAction {
        switch (event, phase) {
        case (.unassigned, _): release()
        case (.assigned(let token), .released), (.assigned(let token), .fenced): claim(token)
        case (.isOutsideLog, .ready): stop(.isOutsideLog(position))
        case (.batch(let end), .ready): begin(end)
        case (.watched(nil), .claiming), (.watched(nil), .committing): stop(.hasNoCheckpoint)
        case (.watched(.some(let checkpoint)), .claiming): claim(checkpoint)
        case (.watched(.some(let checkpoint)), .committing(let end, let mayBeDone)):
            commit(end, over: checkpoint, mayBeDone: mayBeDone)
        case (.executed, .claiming): resume(at: position)
        case (.executed, .committing(let end, _)): advance(to: end)
        case (.aborted, .claiming), (.aborted, .committing): again()
        case (.lost, .claiming), (.lost, .committing): again()
        default: preconditionFailure("\(event) does not follow on \(phase)")
        }
    }

    private mutating func release() -> CommitAction {
        self = CheckpointOwner()
        return .wait
    }

    private mutating func stop(_ reason: CommitAction.Obstacle) -> CommitAction {
        phase = .released
        return .stop(reason)
    }

    private mutating func claim(_ token: OwnerToken) -> CommitAction {
        self.token = token
        phase = .claiming
        attempt = 0
        return .watch
    }

    /// Takes a checkpoint that was read; if it is its own already, only the reply was lost.
    private mutating func claim(_ checkpoint: Checkpoint) -> CommitAction {
        position = checkpoint.next
        if checkpoint.owner == token { return resume(at: checkpoint.next) }
        return .claim(Checkpoint(owner: token, next: checkpoint.next))
    }

    private mutating func begin(_ end: Position) -> CommitAction {
        precondition(end >= position, "a batch does not end before it begins")
        phase = .committing(end: end, mayBeDone: false)
        return .watch
    }

    /// Writes the batch, unless the checkpoint says that it is done or that it may not.
    private mutating func commit(
        _ end: Position, over checkpoint: Checkpoint, mayBeDone: Bool
    ) -> CommitAction {
        guard checkpoint.owner == token else { return fence() }
        if checkpoint.next == end && mayBeDone { return advance(to: end) }
        // The sink was set back, or forth again: what it holds is what counts.
        guard checkpoint.next == position else { return resume(at: checkpoint.next) }
        if end == position { return advance(to: end) }
        phase = .committing(end: end, mayBeDone: true)
        return .commit(Checkpoint(owner: token, next: end))
    }

    /// The first time it asks whether the partition is still its own; the second time it leaves.
    private mutating func fence() -> CommitAction {
        if wasFenced { return leave(.isFenced) }
        phase = .fenced
        wasFenced = true
        return .askAssignment
    }

    private mutating func leave(_ reason: CommitAction.Departure) -> CommitAction {
        self = CheckpointOwner()
        return .leave(reason)
    }

    private mutating func resume(at next: Position) -> CommitAction {
        phase = .ready
        position = next
        attempt = 0
        return .resume(next)
    }

    private mutating func advance(to end: Position) -> CommitAction {
        phase = .ready
        position = end
        attempt = 0
        wasFenced = false
        return .goOn(from: end)
    }

    /// States that were loaded for a transaction that failed are of nobody knows when: another may
    /// have written between the watch and the load, and the sink been set back since.
    private mutating func again() -> CommitAction {
        attempt += 1
        guard attempt <= Self.greatestAttempts else { return leave(.isContended) }
        return .watchAgain(attempt: attempt)
    }
}
