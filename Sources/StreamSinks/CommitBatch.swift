public import CommitProtocol

/// Rows of one partition from a worker's position on, as they change the states of one slot.
public struct CommitBatch {
    /// Behind its last row.
    public var end: Position
    /// The keys of the states that it changes, each once.
    public var keys: [[UInt8]]
    /// The state at `keys[index]` after the rows; its bytes before them are given, nil for none.
    ///
    /// It may be asked several times.
    public var fold: (_ index: Int, _ state: [UInt8]?) -> [UInt8]

    /// Makes a batch.
    public init(
        end: Position, keys: [[UInt8]],
        fold: @escaping (_ index: Int, _ state: [UInt8]?) -> [UInt8]
    ) {
        self.end = end
        self.keys = keys
        self.fold = fold
    }
}
