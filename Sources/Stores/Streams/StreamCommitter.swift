public import CommitProtocol

/// A worker's side of one checkpoint: writes what a partition of a stream brings, together with how
/// far it was applied.
///
/// It does what a `CheckpointOwner` says. Used by one thread; after an error that is thrown it is of
/// no more use.
public protocol StreamCommitter<Batch>: AnyObject {
    /// What is written in one step.
    associatedtype Batch

    /// Claims the checkpoint.
    ///
    /// - Returns: `resume`, or why it cannot go on.
    func claim(_ token: OwnerToken) throws(StoreError) -> CommitAction

    /// Writes a batch that begins at the worker's position.
    ///
    /// - Returns: `goOn`, or `resume` where the batch was not or only partly the next, or why it
    ///   cannot go on.
    /// - Throws: what the sink refuses, `unavailable` when it could not be asked again and again;
    ///   what making the batch's states throws.
    func commit(_ batch: Batch) throws(StoreError) -> CommitAction

    /// Gives the partition up.
    func release()
}
