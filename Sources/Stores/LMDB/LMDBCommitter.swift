import CommitProtocol

/// Writes states of a generation to LMDB, and beside them how far a partition was applied: both in
/// one transaction, in which the states are read too. LMDB lets one transaction write at a time, so
/// it makes no difference whether states are shared.
///
/// It does what a `CheckpointOwner` says. Used by one thread; after an error that is thrown it is of
/// no more use.
final class LMDBCommitter: StreamCommitter {
    private let environment: LMDBEnvironment
    private let checkpointKey: [UInt8]
    /// What the keys of all states begin with.
    private let prefix: [UInt8]
    private var owner = CheckpointOwner()

    init(_ store: LMDBOnlineStore, generation: UInt64, partition: Int32) {
        environment = store.environment
        checkpointKey = MetaKey.checkpoint(generation, partition)
        prefix = store.keys.prefix(slot: 0, generation: generation)
    }

    func claim(_ token: OwnerToken) throws(StoreError) -> CommitAction {
        _ = owner.handle(.assigned(token))
        return try attempt(nil)
    }

    func commit(_ batch: CommitBatch) throws(StoreError) -> CommitAction {
        _ = owner.handle(.batch(end: batch.end))
        return try attempt(batch)
    }

    func release() { _ = owner.handle(.unassigned) }

    /// Reads the checkpoint, and writes what the owner then wants to be written.
    private func attempt(_ batch: CommitBatch?) throws(StoreError) -> CommitAction {
        var isWritten = false
        let action = try environment.write { transaction throws(StoreError) in
            let checkpoint = try Checkpoint(stored: try transaction.value(of: checkpointKey))
            let action = owner.handle(.watched(checkpoint))
            switch action {
            case .claim(let checkpoint):
                try transaction.put(checkpointKey, checkpoint.encoded)
            case .commit(let checkpoint):
                if let batch { try write(batch, transaction) }
                try transaction.put(checkpointKey, checkpoint.encoded)
            default: return action
            }
            isWritten = true
            return action
        }
        // What was written lasts from here on.
        return isWritten ? owner.handle(.executed) : action
    }

    private func write(
        _ batch: CommitBatch, _ transaction: borrowing LMDBTransaction
    ) throws(StoreError) {
        for (index, entity) in batch.keys.enumerated() {
            let key = prefix + StoreKey.stored(entity)
            let state = try batch.fold(index, try transaction.value(of: key))
            try transaction.put(key, state)
        }
        if try transaction.usedBytes() > environment.roomForStates {
            throw .full("cannot write to the online store at \(environment.path)")
        }
    }
}
