import CommitProtocol
import Records

/// One partition that is a processor's: what it is written to, and where it is read.
struct PartitionWork {
    /// A sink, and what the processor knows of it.
    struct Target {
        let sink: any PartitionSink
        /// Where its rows go on; nil while the checkpoint must be claimed anew.
        var position: Position?
        /// When it is claimed anew, if the partition is still ours then.
        var claimTime = ContinuousClock.now
    }

    let partition: Int32
    var targets: [Target]
    /// The offset that the feed was told to go on from, or went on to.
    private(set) var reading: Int64 = 0
    /// Up to where records are wanted before the partition is caught up.
    var goal: Int64 = 0
    /// The offset to which the feed has jumped after it was told where to read, until it has done so
    /// twice.
    private var suspect: Int64?
    /// Whether nothing was read since the feed was told where to read.
    private var isFresh = true

    init(_ partition: Int32, sinks: [any PartitionSink]) {
        self.partition = partition
        targets = sinks.map { Target(sink: $0, position: nil) }
    }

    /// The first offset that a sink lacks; nil while none is claimed.
    var wanted: Int64? { targets.compactMap(\.position?.offset).min() }

    /// Whether all sinks have all rows before the goal.
    var isCaughtUp: Bool {
        targets.allSatisfy { ($0.position?.offset ?? -1) >= goal }
    }

    /// The feed was told to read from `offset` on.
    mutating func start(at offset: Int64) {
        reading = offset
        isFresh = true
    }

    /// Whether records from `first` on are those that come next.
    ///
    /// A log may have gaps. But what was fetched before the feed was told another place must not pass
    /// for one: a jump counts only when the feed makes it twice.
    mutating func accepts(first: Int64) -> Bool {
        guard isFresh, first > reading else {
            suspect = nil
            return true
        }
        if suspect == first {
            suspect = nil
            return true
        }
        suspect = first
        return false
    }

    /// Records up to `end` were read; those before `reading` came once more and say nothing.
    mutating func advance(to end: Int64) {
        guard end > reading else { return }
        reading = end
        isFresh = false
    }
}
