import Columns
import Planning
import PointInTime
import Quality
import Synchronization
import Values

/// Counts what threads read of one source.
final class QualityCollector: Sendable {
    let scope: QualityScope
    /// Counts that no thread folds into at the moment; there are as many as threads that read.
    private let idle = Mutex<[QualityCounts]>([])

    init(_ scope: QualityScope) {
        self.scope = scope
    }

    /// Looks at a chunk, which has the declared columns of the scope.
    func fold(_ batch: ColumnBatch, chunk: Int) {
        if scope.isEmpty { return }
        var counts = idle.withLock { $0.popLast() } ?? QualityCounts(scope)
        counts.fold(scope.computing(batch), chunk: chunk)
        idle.withLock { [counts] in $0.append(counts) }
    }

    /// What was counted of all chunks so far.
    var counts: QualityCounts {
        idle.withLock { parts in
            parts.reduce(into: QualityCounts(scope)) { $0.merge($1) }
        }
    }
}

/// The rows of a source that are checked and profiled as they are read, each chunk once.
struct CheckedRows: BatchRows {
    let rows: any BatchRows
    let collector: QualityCollector

    var chunkCount: Int { rows.chunkCount }

    func rowCount(chunk: Int) -> Int { rows.rowCount(chunk: chunk) }

    func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let scope = collector.scope
        if scope.isEmpty { return try rows.read(chunk: chunk, schema: schema) }
        let more = scope.source.schema.fields.filter { schema.index(of: $0.name) == nil }
        let wide = try rows.read(chunk: chunk, schema: Schema(schema.fields + more))
        collector.fold(wide.keeping(scope.source.schema.fields.map(\.name)), chunk: chunk)
        let columns = Array(wide.columns.prefix(schema.fields.count))
        return ColumnBatch(schema: schema, columns: columns, rowCount: wide.rowCount)
    }
}
