package import Columns
public import Expressions

/// A column computed on reading, the same in batch and stream.
public struct ComputedColumn: Hashable, Sendable {
    /// The column's name.
    public let name: String
    /// What it is, over declared columns and computed ones before it.
    public let expression: TypedExpression

    /// Makes a computed column.
    public init(name: String, expression: TypedExpression) {
        self.name = name
        self.expression = expression
    }
}

extension ColumnBatch {
    /// The same rows with computed columns, of which each may use those before it.
    package func computing(_ columns: [ComputedColumn]) -> ColumnBatch {
        var faults = FaultCounts()
        return columns.reduce(self) { batch, column in
            batch.appending(
                column.expression.evaluate(batch, faults: &faults), named: column.name)
        }
    }
}
