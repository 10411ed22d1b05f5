package import CommitProtocol
import Glibc
package import Redis

// WATCH, the checkpoint and the states that are needed are asked for in one round trip; MULTI, one
// MSET of states and checkpoint, and EXEC are the second. One command, because of several an
// append-only file that is cut off can keep half (see `RedisDeployment.change`).

/// Writes states of a generation to Redis, and beside them how far a partition was applied.
///
/// It does what a `CheckpointOwner` says. Used by one thread; after an error that is thrown it is of
/// no more use.
package final class RedisCommitter: StreamCommitter {
    private let deployment: any RedisDeployment
    private let checkpointKey: [UInt8]
    /// What the keys of all states begin with.
    private let prefix: [UInt8]
    private let isShared: Bool
    private let pause: (_ attempt: Int) -> Void
    private let room: KeptStates.Room
    private var owner = CheckpointOwner()
    private var kept: KeptStates
    /// Why the last attempt failed, if the server said so.
    private var lastFailure: RedisError?

    /// Makes the worker's side of a checkpoint; nothing is asked for yet.
    ///
    /// - Parameters:
    ///   - deployment: where the states are: one server.
    ///   - generation: whose states.
    ///   - partition: which rows.
    ///   - isShared: whether other partitions write to the same states. They are then loaded for
    ///     each batch and watched.
    ///   - room: where states that are not shared are kept in memory.
    ///   - pause: waits before an attempt, the longer the more there were.
    package init(
        _ deployment: any RedisDeployment, generation: UInt64, partition: Int32, isShared: Bool,
        room: KeptStates.Room = .init(),
        pause: @escaping (_ attempt: Int) -> Void = RedisCommitter.pause
    ) {
        precondition(deployment.tagCount == 1, "a commit is one command to one server")
        self.deployment = deployment
        self.isShared = isShared
        self.pause = pause
        checkpointKey = RedisMetaKey.checkpoint(generation, Int(partition))
        prefix = StoreKey().prefix(slot: 0, generation: generation)
        self.room = room
        kept = KeptStates(in: room)
        room.change(by: 1)
    }

    deinit { room.change(by: -1) }

    /// Sleeps for 2 ms, and twice as long for each further attempt, up to 256 ms.
    package static func pause(attempt: Int) { usleep(1000 << UInt32(min(attempt, 8))) }

    package func claim(_ token: OwnerToken) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.assigned(token)), nil)
    }

    package func commit(_ batch: CommitBatch) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.batch(end: batch.end)), batch)
    }

    package func release() {
        _ = owner.handle(.unassigned)
        kept.removeAll()
    }

    /// Does what is to be done here, and returns what only the caller can do.
    private func lead(
        _ first: CommitAction, _ batch: CommitBatch?
    ) throws(StoreError) -> CommitAction {
        var action = first
        lastFailure = nil
        while true {
            switch action {
            case .watch: action = try attempt(batch)
            case .watchAgain(let attempt):
                kept.removeAll()
                pause(attempt)
                action = try self.attempt(batch)
            case .goOn: return action
            default:
                kept.removeAll()
                if case .leave(.isContended) = action, let lastFailure {
                    throw StoreError(lastFailure)
                }
                return action
            }
        }
    }

    /// Watches, and writes what the owner then wants to be written.
    private func attempt(_ batch: CommitBatch?) throws(StoreError) -> CommitAction {
        let outcome: Result<CommitAction, StoreError>
        do throws(RedisError) {
            outcome = try deployment.withServer(of: checkpointKey) {
                connection throws(RedisError) in
                try exchange(batch, connection)
            }
        } catch {
            guard error.isRetriable else { throw StoreError(error) }
            lastFailure = error
            return owner.handle(.lost)
        }
        return try outcome.get()
    }

    private func exchange(
        _ batch: CommitBatch?, _ connection: RedisConnection
    ) throws(RedisError) -> Result<CommitAction, StoreError> {
        var states = BatchStates(batch?.keys ?? [], prefix, &kept)
        let checkpoint = try watch(&states, connection)
        let action: CommitAction
        do throws(StoreError) {
            action = owner.handle(.watched(try Checkpoint(stored: checkpoint)))
            if case .commit = action, let batch { try states.fold(batch, kept) }
        } catch {
            _ = try? connection.run("UNWATCH")
            return .failure(error)
        }
        switch action {
        case .claim(let checkpoint):
            let event = try write(checkpoint, BatchStates(), connection)
            return .success(owner.handle(event))
        case .commit(let checkpoint):
            let event = try write(checkpoint, states, connection)
            if event == .executed && !isShared { kept.take(states) }
            return .success(owner.handle(event))
        default:
            // If it fails, the connection is broken and nothing is watched either.
            _ = try? connection.run("UNWATCH")
            return .success(action)
        }
    }

    /// Watches the checkpoint, reads it, and loads the states of the batch that are not kept.
    private func watch(
        _ states: inout BatchStates, _ connection: RedisConnection
    ) throws(RedisError) -> [UInt8]? {
        let wanted = states.missing.map { states.keys[$0] }
        var commands = RedisCommands()
        commands.append("WATCH", [checkpointKey] + (isShared ? wanted : []))
        commands.append("MGET", [checkpointKey] + wanted)
        let replies = try connection.run(commands)
        try replies[0].confirm()
        let there = try replies[1].elements(wanted.count + 1)
        for (place, reply) in zip(states.missing, there.dropFirst()) {
            states.loaded[place] = try reply.optionalBytes()
        }
        return try there[0].optionalBytes()
    }

    /// Writes a checkpoint and the states before it.
    private func write(
        _ checkpoint: Checkpoint, _ states: BatchStates, _ connection: RedisConnection
    ) throws(RedisError) -> CommitEvent {
        var commands = RedisCommands()
        commands.append("MULTI")
        commands.appendMSet(
            states.keys, states.folded, last: (checkpointKey, checkpoint.encoded))
        commands.append("EXEC")
        let replies = try connection.run(commands)
        for reply in replies[..<2] { _ = try reply.checked() }
        guard replies[2] != .null else { return .aborted }
        try replies[2].elements(1)[0].confirm()
        return .executed
    }
}
