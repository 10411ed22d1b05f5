public import CommitProtocol

/// How stream processors write to an online store: states of a generation, and beside them how far
/// each partition of the stream was applied.
///
/// A generation that is fed has a checkpoint for each partition. They are made before its first row,
/// and go before its states when it is replaced: who then still wants to write finds none.
public protocol StreamStore: Sendable {
    /// What is streamed into `view`; nil when nothing is.
    func streamRecord(of view: String) throws(StoreError) -> StreamRecord?

    /// Puts `new` in the place of `old`, in one step; nil stands for none.
    ///
    /// Where `new` says of a generation that it is shared and `old` did not, the checkpoints of that
    /// generation are taken from their owners in the same step, as `fence` does it. A generation
    /// that `new` names no more loses its checkpoints, and is removed by whoever writes next unless
    /// it is live.
    /// - Returns: false when something else than `old` stands there, which stays; or when the live
    ///   generation of the view is not the one that `new` names as live.
    func replaceStreamRecord(
        of view: String, _ old: StreamRecord?, with new: StreamRecord?
    ) throws(StoreError) -> Bool

    /// Makes the checkpoints of a generation's partitions that have none.
    ///
    /// - Parameters:
    ///   - generation: the live one of its view, or the one that is built beside it for a stream.
    ///   - positions: by partition, where its rows begin.
    /// - Throws: `busy` for a generation that was replaced; `misuse` for one whose stream was ended by
    ///   taking the record away: rows of the stream are in its states, so they would count twice;
    ///   `unsafeSetup` for a store that streams cannot write to.
    func beginStream(
        of generation: Generation, at positions: [Int32: Position]
    ) throws(StoreError)

    /// The checkpoints of a generation's partitions from 0 on; nil where there is none.
    func checkpoints(
        of generation: UInt64, partitions: Int
    ) throws(StoreError) -> [Checkpoint?]

    /// Takes all checkpoints of a generation from their owners, so that each asks anew how to write.
    func fence(_ generation: UInt64, partitions: Int) throws(StoreError)

    /// A worker's side of a partition's checkpoint; nothing is asked for yet.
    ///
    /// - Parameters:
    ///   - generation: whose states are written.
    ///   - partition: which rows.
    ///   - isShared: whether other partitions write to the same states.
    /// - Returns: the committer.
    /// - Throws: `unsafeSetup` for a store that streams cannot write to.
    func streamCommitter(
        of generation: UInt64, partition: Int32, isShared: Bool
    ) throws(StoreError) -> any StreamCommitter<CommitBatch>

    /// Makes the generation that is built beside the live one live: pointer, record, and the
    /// checkpoints of the replaced one change in one step. Then the replaced one is removed.
    ///
    /// - Parameter record: what stands there, with a `next`.
    /// - Returns: what stands there then; nil when something else than `record` stood there.
    /// - Throws: `misuse` for a record without a `next`; what the store refuses.
    func publishNext(_ record: StreamRecord) throws(StoreError) -> StreamRecord?
}

/// What is streamed into one view.
public struct StreamRecord: Hashable, Sendable {
    /// A generation that is fed.
    public struct Fed: Hashable, Sendable {
        /// The generation.
        public var generation: Generation
        /// How many partitions have a checkpoint; 0 before the first one has.
        public var partitions: Int
        /// Whether several partitions write to one state.
        public var isShared: Bool

        /// Makes it.
        public init(generation: Generation, partitions: Int, isShared: Bool) {
            self.generation = generation
            self.partitions = partitions
            self.isShared = isShared
        }
    }

    /// The view.
    public var view: String
    /// The topic.
    public var topic: String
    /// The generation that is asked.
    public var live: Fed
    /// The one that takes its place when it has caught up.
    public var next: Fed?

    /// Makes a record.
    public init(view: String, topic: String, live: Fed, next: Fed? = nil) {
        self.view = view
        self.topic = topic
        self.live = live
        self.next = next
    }
}
