public import Values

/// Columns of equal length under a schema: the unit in which data moves.
public struct ColumnBatch: Sendable {
    /// Names and types of the columns.
    public let schema: Schema
    /// The columns, in the order of the schema.
    public let columns: [Column]
    /// How many rows there are.
    public let rowCount: Int

    /// Puts columns under a schema; each must have the field's type and `rowCount` rows.
    public init(schema: Schema, columns: [Column], rowCount: Int) {
        precondition(schema.fields.count == columns.count)
        for (field, column) in zip(schema.fields, columns) {
            precondition(field.type == column.type, "\(field.name) is a column of another type")
            precondition(column.count == rowCount, "\(field.name) has another number of rows")
        }
        self.schema = schema
        self.columns = columns
        self.rowCount = rowCount
    }

    /// The column `name`, or nil. Complexity: O(1).
    public subscript(name: String) -> Column? {
        schema.index(of: name).map { columns[$0] }
    }

    /// The same rows with one more column, whose name must not exist yet.
    public func appending(_ column: Column, named name: String) -> ColumnBatch {
        ColumnBatch(
            schema: Schema(schema.fields + [Field(name: name, type: column.type)]),
            columns: columns + [column], rowCount: rowCount)
    }

    /// The rows at `rows`, in that order.
    public func gathering(_ rows: FixedValues<Int32>) -> ColumnBatch {
        ColumnBatch(
            schema: schema, columns: columns.map { $0.gathering(rows) }, rowCount: rows.count)
    }
}
