import Columns
import Expressions
import Planning
import PointInTime
import Values

/// The rows of a pipeline's spine: a source's rows that pass a filter, with computed columns.
///
/// Which rows pass is found once, when it is made; values are read again when asked for.
struct FilteredRows: BatchRows {
    private let rows: ParquetRows
    private let source: SourcePlan
    /// For each chunk the rows that pass; nil when all do.
    private let selections: [FixedValues<Int32>]?

    init(rows: ParquetRows, source: SourcePlan, filter: TypedExpression?) throws {
        self.rows = rows
        self.source = source
        guard let filter else {
            selections = nil
            return
        }
        selections = try (0..<rows.chunkCount).map { chunk in
            let batch = try source.batch(of: rows, chunk, filter.referencedColumns)
            var faults = FaultCounts()
            return passing(filter.evaluate(batch, faults: &faults))
        }
    }

    var chunkCount: Int { rows.chunkCount }

    func rowCount(chunk: Int) -> Int {
        selections?[chunk].count ?? rows.rowCount(chunk: chunk)
    }

    func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let batch = try source.batch(of: rows, chunk, schema.fields.map(\.name))
        let columns = schema.fields.compactMap { field in
            batch[field.name]?.converted(to: field.type)
        }
        let all = ColumnBatch(schema: schema, columns: columns, rowCount: batch.rowCount)
        return selections.map { all.gathering($0[chunk]) } ?? all
    }
}

/// The rows at which a condition is true; false and null do not pass.
private func passing(_ condition: Column) -> FixedValues<Int32> {
    var rows = FixedValuesBuilder<Int32>(capacity: condition.count)
    guard case .bits(let bits) = condition.storage else { return rows.finish() }
    for row in 0..<condition.count where bits[row] && !condition.isNull(row) {
        rows.append(Int32(row))
    }
    return rows.finish()
}
