/// What happened to a worker.
public enum CommitEvent: Hashable, Sendable {
    /// The partition is the worker's, by this token if it must claim it.
    case assigned(OwnerToken)
    /// The partition is another's.
    case unassigned
    /// All rows from the worker's position up to `end` are there to be written. Without rows the
    /// checkpoint is only looked at: so a quiet worker notices that its sink was set back.
    case batch(end: Position)
    /// The checkpoint is watched and was read; nil: there is none.
    case watched(Checkpoint?)
    /// The transaction was done.
    case executed
    /// The transaction was not done: something that is watched has changed.
    case aborted
    /// The connection broke: what was sent is done or not, and nothing is watched.
    case lost
    /// The log has no row at the worker's position, nor a later one to go on from.
    case isOutsideLog
}

/// What a worker does next.
public enum CommitAction: Hashable, Sendable {
    /// Nothing until the next event.
    case wait
    /// The rows before this position are written: go on with those behind it.
    case goOn(from: Position)
    /// Watch the checkpoint (and the entities, where several partitions write to one), read it,
    /// then load what states the batch needs and nobody keeps.
    case watch
    /// Forget all states, wait the longer the more attempts there were, then do as for `watch`.
    case watchAgain(attempt: Int)
    /// In a transaction: write this checkpoint.
    case claim(Checkpoint)
    /// In a transaction: write the states of the batch and this checkpoint.
    case commit(Checkpoint)
    /// Forget all states, and read from here on.
    case resume(Position)
    /// Ask whether the partition is still this worker's: `assigned` with a token, or `unassigned`.
    case askAssignment
    /// Leave the group of workers, and join it again.
    case leave(Departure)
    /// End: a person must decide.
    case stop(Obstacle)

    /// Why a worker leaves its group.
    public enum Departure: Hashable, Sendable {
        /// Another claimed the checkpoint twice, although the partition is this worker's.
        case isFenced
        /// Its transactions were aborted or cut off again and again.
        case isContended
    }

    /// Why a worker cannot go on.
    public enum Obstacle: Hashable, Sendable {
        /// The generation has no checkpoint for the partition: the sink has lost it, or it is gone.
        case hasNoCheckpoint
        /// The log does not reach from this position on.
        case isOutsideLog(Position)
    }
}
