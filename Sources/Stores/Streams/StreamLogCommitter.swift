package import CommitProtocol
import Glibc

/// What an event log does for the committer of one partition, which leads it. Used by one thread.
package protocol StreamLogSink: AnyObject {
    /// The checkpoint as it is; nil when there is none.
    func watch() throws(StoreError) -> Checkpoint?

    /// Puts `checkpoint` in the place of `old`, the one that was watched, in one step with the rows
    /// and rejected records of `append`, which nil has none of.
    ///
    /// - Returns: `executed`; `aborted` when `old` is not there any more.
    func write(
        _ append: StreamAppend?, _ checkpoint: Checkpoint, over old: Checkpoint
    ) throws(StoreError) -> CommitEvent

    /// Lets everything go.
    func release()
}

/// Writes rows of one partition to an event log, and how far it is with them.
///
/// It does what a `CheckpointOwner` says. Used by one thread; after an error that is thrown it is of
/// no more use.
package final class StreamLogCommitter: StreamCommitter {
    private let sink: any StreamLogSink
    private let pause: (_ attempt: Int) -> Void
    private var owner = CheckpointOwner()
    private var watched: Checkpoint?
    /// Why the last attempt failed, if the store said so.
    package private(set) var lastFailure: StoreError?

    /// Makes the worker's side of a checkpoint; nothing is asked for yet.
    ///
    /// - Parameters:
    ///   - sink: performs what is to be done.
    ///   - pause: waits before an attempt, the longer the more there were.
    package init(
        _ sink: any StreamLogSink,
        pause: @escaping (_ attempt: Int) -> Void = StreamLogCommitter.pause
    ) {
        self.sink = sink
        self.pause = pause
    }

    /// Sleeps for 2 ms, and twice as long for each further attempt, up to 512 ms.
    package static func pause(attempt: Int) { usleep(1000 << UInt32(min(attempt, 9))) }

    /// Claims the checkpoint; see `StreamCommitter`.
    package func claim(_ token: OwnerToken) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.assigned(token)), nil)
    }

    /// Writes a batch; see `StreamCommitter`.
    package func commit(_ batch: StreamAppend) throws(StoreError) -> CommitAction {
        try lead(owner.handle(.batch(end: batch.end)), batch)
    }

    /// Gives the partition up.
    package func release() {
        _ = owner.handle(.unassigned)
        sink.release()
    }

    /// Does what is to be done here, and returns what only the caller can do.
    private func lead(
        _ first: CommitAction, _ append: StreamAppend?
    ) throws(StoreError) -> CommitAction {
        var action = first
        while let event = try event(after: action, append) { action = owner.handle(event) }
        return action
    }

    /// What came of `action`; nil for one that only the caller can do.
    private func event(
        after action: CommitAction, _ append: StreamAppend?
    ) throws(StoreError) -> CommitEvent? {
        do throws(StoreError) {
            switch action {
            case .watch: return try watch()
            case .watchAgain(let attempt):
                pause(attempt)
                return try watch()
            case .claim(let checkpoint): return try write(nil, checkpoint)
            case .commit(let checkpoint): return try write(append, checkpoint)
            default: return nil
            }
        } catch {
            // A full disk needs somebody to make room: nothing is better a moment later.
            guard error.isRetriable, error.code != .diskFull else { throw error }
            lastFailure = error
            return error.code == .busy ? .aborted : .lost
        }
    }

    private func watch() throws(StoreError) -> CommitEvent {
        watched = try sink.watch()
        return .watched(watched)
    }

    private func write(
        _ append: StreamAppend?, _ checkpoint: Checkpoint
    ) throws(StoreError) -> CommitEvent {
        guard let watched else { return .aborted }
        return try sink.write(append, checkpoint, over: watched)
    }
}

extension OwnerToken {
    /// 32 hexadecimal digits.
    package var text: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Reads what `text` gives; nil for anything else.
    package init?(text: some StringProtocol) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}
