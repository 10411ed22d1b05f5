public import CommitProtocol
import Glibc
public import Redis

// A checkpoint is a hash under a key of the slot's hash tag, so that it stands on one server with
// the states that it speaks of:
//
//   o   who claimed it last, 16 bytes
//   n   the next offset, in decimal digits
//
// WATCH, the checkpoint and the states that are needed are asked for in one round trip; MULTI, the
// states, the checkpoint and EXEC are the second.

/// Writes states of one slot to Redis, and how far they are with them.
///
/// It does what a `CheckpointOwner` says. Used by one thread; after an error that is thrown it is of
/// no more use.
public final class RedisCommitter: StreamCommitter {
    private let deployment: any RedisDeployment
    private let key: [UInt8]
    private let isShared: Bool
    private let greatestKeptCount: Int
    private let pause: (_ attempt: Int) -> Void
    private var owner = CheckpointOwner()
    private var kept: [[UInt8]: [UInt8]] = [:]
    /// Why the last attempt failed, if the server said so.
    public private(set) var lastFailure: RedisError?

    /// Makes the worker's side of a checkpoint; nothing is asked for yet.
    ///
    /// - Parameters:
    ///   - deployment: where the states are.
    ///   - checkpoint: its key, with the hash tag of the slot's states.
    ///   - isShared: whether other partitions write to the same states. They are then loaded for
    ///     each batch and watched.
    ///   - greatestKeptCount: of states that are not shared at most so many are kept in memory.
    ///   - pause: waits before an attempt, the longer the more there were.
    public init(
        _ deployment: any RedisDeployment, checkpoint: [UInt8], isShared: Bool,
        greatestKeptCount: Int = 100_000,
        pause: @escaping (_ attempt: Int) -> Void = RedisCommitter.pause
    ) {
        self.deployment = deployment
        key = checkpoint
        self.isShared = isShared
        self.greatestKeptCount = greatestKeptCount
        self.pause = pause
    }

    /// Sleeps for 2 ms, and twice as long for each further attempt, up to 256 ms.
    public static func pause(attempt: Int) { usleep(1000 << UInt32(min(attempt, 8))) }

    /// Creates the checkpoint of a generation that has none: its states hold the rows before
    /// `position`.
    ///
    /// - Returns: false when there is one, which stays.
    public static func create(
        checkpoint: [UInt8], at position: Position, in deployment: any RedisDeployment
    ) throws(RedisError) -> Bool {
        try deployment.withServer(of: checkpoint) { connection throws(RedisError) in
            var commands = RedisCommands()
            commands.append(
                "HSETNX", [checkpoint, Field.next, Array("\(position.offset)".utf8)])
            return try connection.run(commands)[0].number() == 1
        }
    }

    /// Claims the checkpoint.
    ///
    /// - Returns: `resume`, or why it cannot go on.
    public func claim(_ token: OwnerToken) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.assigned(token)), nil)
    }

    /// Writes a batch that begins at the worker's position.
    ///
    /// - Returns: `goOn`, or `resume` where the batch was not or only partly the next, or why it
    ///   cannot go on.
    public func commit(_ batch: CommitBatch) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.batch(end: batch.end)), batch)
    }

    /// Gives the partition up.
    public func release() {
        _ = owner.handle(.unassigned)
        kept = [:]
    }

    /// Does what is to be done here, and returns what only the caller can do.
    private func lead(
        _ first: CommitAction, _ batch: CommitBatch?
    ) throws(StoreError) -> CommitAction {
        var action = first
        while true {
            switch action {
            case .watch: action = try attempt(batch)
            case .watchAgain(let attempt):
                kept = [:]
                pause(attempt)
                action = try self.attempt(batch)
            case .goOn where !isShared: return action
            default:
                kept = [:]
                return action
            }
        }
    }

    /// Watches, and writes what the owner then wants to be written.
    private func attempt(_ batch: CommitBatch?) throws(StoreError) -> CommitAction {
        let outcome: Result<CommitAction, StoreError>
        do throws(RedisError) {
            outcome = try deployment.withServer(of: key) { connection throws(RedisError) in
                let checkpoint = try watch(batch, connection)
                let action = owner.handle(.watched(checkpoint))
                switch action {
                case .claim(let checkpoint):
                    return .success(owner.handle(try write(checkpoint, [:], connection)))
                case .commit(let checkpoint):
                    switch folded(batch) {
                    case .success(let states):
                        return .success(owner.handle(try write(checkpoint, states, connection)))
                    case .failure(let error):
                        _ = try? connection.run("UNWATCH")
                        return .failure(error)
                    }
                default:
                    // If it fails, the connection is broken and nothing is watched either.
                    _ = try? connection.run("UNWATCH")
                    return .success(action)
                }
            }
        } catch {
            guard error.isRetriable else { throw StoreError(error) }
            lastFailure = error
            return owner.handle(error.code == .moved ? .aborted : .lost)
        }
        return try outcome.get()
    }

    /// The states after the rows of a batch, by their keys.
    private func folded(_ batch: CommitBatch?) -> Result<[[UInt8]: [UInt8]], StoreError> {
        var states: [[UInt8]: [UInt8]] = [:]
        do throws(StoreError) {
            for (index, key) in (batch?.keys ?? []).enumerated() {
                states[key] = try batch?.fold(index, kept[key])
            }
            return .success(states)
        } catch {
            return .failure(error)
        }
    }

    /// Watches the checkpoint, reads it, and loads the states of the batch that are not kept.
    private func watch(
        _ batch: CommitBatch?, _ connection: RedisConnection
    ) throws(RedisError) -> Checkpoint? {
        let wanted = (batch?.keys ?? []).filter { kept[$0] == nil }
        var commands = RedisCommands()
        commands.append("WATCH", [key] + (isShared ? wanted : []))
        commands.append("HMGET", [key, Field.owner, Field.next])
        if !wanted.isEmpty { commands.append("MGET", wanted) }
        let replies = try connection.run(commands)
        try replies[0].confirm()
        if !wanted.isEmpty {
            for (key, reply) in zip(wanted, try replies[2].elements(wanted.count)) {
                kept[key] = try reply.optionalBytes()
            }
        }
        return try Checkpoint(fields: replies[1], key)
    }

    /// - Returns: whether the transaction was done.
    private func write(
        _ checkpoint: Checkpoint, _ states: [[UInt8]: [UInt8]], _ connection: RedisConnection
    ) throws(RedisError) -> CommitEvent {
        var commands = RedisCommands()
        commands.append("MULTI")
        for (key, state) in states { commands.appendSet(key, state) }
        commands.append(
            "HSET",
            [
                key, Field.owner, checkpoint.owner?.bytes ?? [], Field.next,
                Array("\(checkpoint.next.offset)".utf8),
            ])
        commands.append("EXEC")
        let replies = try connection.run(commands)
        for reply in replies.dropLast() { _ = try reply.checked() }
        guard replies[commands.count - 1] != .null else { return .aborted }
        for reply in try replies[commands.count - 1].elements(commands.count - 2) {
            _ = try reply.checked()
        }
        keep(states)
        return .executed
    }

    private func keep(_ states: [[UInt8]: [UInt8]]) {
        if kept.count + states.count > greatestKeptCount { kept = [:] }
        kept.merge(states) { _, newest in newest }
    }

    fileprivate enum Field {
        static let owner = Array("o".utf8)
        static let next = Array("n".utf8)
    }
}

extension Checkpoint {
    /// What stands in the server: nil when there is no checkpoint.
    fileprivate init?(fields: RedisReply, _ key: [UInt8]) throws(RedisError) {
        let fields = try fields.elements(2)
        guard let digits = try fields[1].optionalBytes() else { return nil }
        let owner = try fields[0].optionalBytes()
        guard let next = Int64(String(decoding: digits, as: UTF8.self)), next >= 0,
            owner?.count ?? 16 == 16
        else {
            throw RedisError(
                .protocolViolation,
                "the checkpoint '\(String(decoding: key, as: UTF8.self))' is damaged",
                hint: "see who else writes to this Redis; then rebuild the view")
        }
        self.init(owner: owner.map(OwnerToken.init(bytes:)), next: Position(next))
    }
}

extension OwnerToken {
    fileprivate var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// The token of 16 bytes.
    fileprivate init(bytes: [UInt8]) {
        let words = [bytes[..<8], bytes[8...]].map {
            $0.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        }
        self.init(high: words[0], low: words[1])
    }
}
