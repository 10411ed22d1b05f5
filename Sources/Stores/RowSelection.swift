public import Columns
public import Records
public import Values

/// Which rows of an event log are meant.
public struct RowSelection: Sendable {
    /// The columns that decide, as they are wanted; ones that an old commit lacks are null.
    public let schema: Schema
    /// The positions of the rows of a batch of `schema` that are meant, ascending.
    public let select: @Sendable (ColumnBatch) throws -> [Int32]
    /// Whether a record that was no row may belong to them.
    public let mayMean: @Sendable (RejectedRecord) -> Bool

    /// Makes a selection.
    public init(
        schema: Schema, select: @escaping @Sendable (ColumnBatch) throws -> [Int32],
        mayMean: @escaping @Sendable (RejectedRecord) -> Bool = { _ in false }
    ) {
        self.schema = schema
        self.select = select
        self.mayMean = mayMean
    }
}

/// What a removal took out of an event log, or would take out.
public struct EventLogRemoval: Hashable, Sendable {
    /// Rows of the newest state.
    public var rows = 0
    /// Rows that only earlier states have, because they were replaced.
    public var replacedRows = 0
    /// Files, or pieces of appends, that hold them.
    public var parts = 0
    /// Records that were no rows.
    public var deadLetters = 0

    /// Removes nothing.
    public init() {}

    /// Whether there was nothing to remove.
    public var isEmpty: Bool { rows + replacedRows + deadLetters == 0 }

    /// Counts the rows of one part.
    public mutating func count(_ rows: Int, isReplaced: Bool) {
        if isReplaced { replacedRows += rows } else { self.rows += rows }
        parts += 1
    }
}
