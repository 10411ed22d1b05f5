import CommitProtocol
import Stores
import Synchronization

/// States and checkpoints in memory, which can be set back: an online store as processors see it,
/// with the protocol of the real ones and nothing else.
final class MemoryStore: Sendable {
    struct Content {
        var states: [[UInt8]: [UInt8]] = [:]
        var checkpoints: [Int32: Checkpoint] = [:]
    }

    let content: Mutex<Content>

    init(_ states: [[UInt8]: [UInt8]], partitions: Int) {
        var content = Content(states: states)
        for partition in 0..<Int32(partitions) {
            content.checkpoints[partition] = Checkpoint(owner: nil, next: Position(0))
        }
        self.content = Mutex(content)
    }

    var copy: Content { content.withLock { $0 } }

    func setBack(to older: Content) { content.withLock { $0 = older } }
}

/// Writes to a `MemoryStore`; keeps states of a keyed view, as the real ones do.
final class MemoryCommitter: StreamCommitter {
    private let store: MemoryStore
    private let partition: Int32
    private let isShared: Bool
    private var owner = CheckpointOwner()
    private var kept: [[UInt8]: [UInt8]] = [:]

    init(_ store: MemoryStore, partition: Int32, isShared: Bool) {
        self.store = store
        self.partition = partition
        self.isShared = isShared
    }

    func claim(_ token: OwnerToken) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.assigned(token)), nil)
    }

    func commit(_ batch: CommitBatch) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.batch(end: batch.end)), batch)
    }

    func release() {
        owner = CheckpointOwner()
        kept = [:]
    }

    private func lead(
        _ first: CommitAction, _ batch: CommitBatch?
    ) throws(StoreError) -> CommitAction {
        var action = first
        while true {
            switch action {
            case .watch: action = owner.handle(.watched(store.copy.checkpoints[partition]))
            case .claim(let checkpoint):
                store.content.withLock { $0.checkpoints[partition] = checkpoint }
                action = owner.handle(.executed)
            case .commit(let checkpoint):
                try write(batch, checkpoint)
                action = owner.handle(.executed)
            case .goOn: return action
            default:
                kept = [:]
                return action
            }
        }
    }

    private func write(_ batch: CommitBatch?, _ checkpoint: Checkpoint) throws(StoreError) {
        guard let batch else { return }
        if isShared { kept = [:] }
        for (index, key) in batch.keys.enumerated() {
            kept[key] = try batch.fold(index, kept[key] ?? store.copy.states[key])
        }
        store.content.withLock { content in
            for key in batch.keys { content.states[key] = kept[key] }
            content.checkpoints[partition] = checkpoint
        }
    }
}
