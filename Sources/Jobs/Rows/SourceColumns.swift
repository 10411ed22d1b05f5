import Columns
import Expressions
import Planning
import PointInTime
import Values

/// Some columns of a source, declared or computed, and the declared ones that they need.
struct SourceColumns: Sendable {
    /// The declared columns that are to be read.
    let schema: Schema
    private let computed: [ComputedColumn]

    /// The columns `names` of `source`.
    init(_ names: [String], of source: SourcePlan) {
        var needed = Set(names)
        for column in source.computed.reversed() where needed.contains(column.name) {
            needed.formUnion(column.expression.referencedColumns)
        }
        schema = Schema(source.schema.fields.filter { needed.contains($0.name) })
        computed = source.computed.filter { needed.contains($0.name) }
    }

    /// Appends the computed columns to a batch of the declared ones.
    func computing(_ batch: ColumnBatch) -> ColumnBatch {
        batch.computing(computed)
    }
}

extension SourcePlan {
    /// The columns `names`, declared or computed, of a chunk, and what they are computed from.
    func batch(
        of rows: ParquetRows, _ chunk: Int, _ names: [String]
    ) throws -> ColumnBatch {
        let columns = SourceColumns(names, of: self)
        return columns.computing(try rows.read(chunk: chunk, schema: columns.schema))
    }
}
