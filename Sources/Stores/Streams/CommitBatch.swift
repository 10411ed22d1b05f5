public import CommitProtocol

/// Rows of one partition from a worker's position on, as they change the states of one slot.
public struct CommitBatch {
    /// Behind its last row.
    public var end: Position
    /// The entities whose states it changes, as bytes of their keys, each once.
    public var keys: [[UInt8]]
    /// The state of `keys[index]` after the rows; its bytes before them are given, nil for none.
    ///
    /// It may be asked several times. What it throws ends the commit: nothing is written.
    public var fold: (_ index: Int, _ state: [UInt8]?) throws(StoreError) -> [UInt8]

    /// Makes a batch.
    public init(
        end: Position, keys: [[UInt8]],
        fold: @escaping (_ index: Int, _ state: [UInt8]?) throws(StoreError) -> [UInt8]
    ) {
        self.end = end
        self.keys = keys
        self.fold = fold
    }
}
