package import Columns
import PointInTime
package import Values

/// Rows held in memory, split into chunks; cells that a row lacks at its end are null.
package struct InMemoryRows: BatchRows {
    package let chunks: [ColumnBatch]

    package init(_ schema: Schema, rows: [[Scalar]], chunkSizes: [Int]) {
        var rest = rows[...]
        chunks = (chunkSizes + [rows.count]).map { size in
            let part = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            let columns = schema.fields.indices.map { field in
                Column(
                    type: schema.fields[field].type,
                    part.map { field < $0.count ? $0[field] : .null })
            }
            return ColumnBatch(schema: schema, columns: columns, rowCount: part.count)
        }
    }

    package var chunkCount: Int { chunks.count }

    package func rowCount(chunk: Int) -> Int { chunks[chunk].rowCount }

    package func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        ColumnBatch(
            schema: schema, columns: schema.fields.compactMap { chunks[chunk][$0.name] },
            rowCount: chunks[chunk].rowCount)
    }
}
