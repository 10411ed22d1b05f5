package import CommitProtocol
package import Records

/// The rows of one partition on their way into one place, which knows how far it is with them.
package protocol PartitionSink: AnyObject {
    /// What it is, for messages: `the view 'carrier_delay'`.
    var name: String { get }

    /// What to do when the log does not reach from its position on.
    var remedy: String { get }

    /// Claims the partition's checkpoint.
    ///
    /// - Returns: `resume`, or why it cannot go on.
    func claim(_ token: OwnerToken) throws -> CommitAction

    /// Writes the rows from `position` on. Without rows there it looks at its checkpoint.
    ///
    /// - Returns: `goOn` behind the last record, or why it stopped before.
    func write(_ rows: StreamRows, from position: Position) throws -> CommitAction

    /// Looks whether what it knows of its checkpoint still holds.
    func check(at position: Position) throws -> CommitAction

    /// Gives the partition up.
    func release()
}
