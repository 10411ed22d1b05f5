/// What a command gave.
public struct PGAnswer: Sendable {
    /// The rows, as texts; nil for nulls.
    public let rows: [[String?]]
    /// The types of the columns, by the numbers that the server gives them.
    public let types: [PGType]
    /// How many rows the command changed.
    public let changedCount: Int
}
