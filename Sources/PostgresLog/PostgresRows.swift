import Columns
import PointInTime
import Postgres
import Stores
import Values

/// The rows of a state as the engines read them: a chunk is a piece of an append.
///
/// All connections see one snapshot, so rows that are removed meanwhile are still there for all of
/// them. Safe to read from several threads at a time.
final class PostgresRows: BatchRows {
    private let table: LogTable
    private let chunks: [LogChunk]
    /// The columns that are there.
    private let schema: Schema
    private let snapshot: PGSnapshot

    init(
        _ address: String, _ table: LogTable, of state: PostgresLogState
    ) throws(PostgresError) {
        self.table = table
        let places = state.streamCut == nil ? [] : StreamColumn.fields
        schema = Schema((state.schema?.fields ?? []) + places)
        let snapshot = try PGSnapshot(address)
        self.snapshot = snapshot
        let all = try snapshot.withConnection { connection throws(PostgresError) in
            try LogChunk.read(table, on: connection)
        }
        let streamed = state.parts.flatMap { part in
            let version = LogChunk.version(ofStreamPartition: part.partition)
            return LogChunk.merged(
                (all[version] ?? []).filter { $0.numbers.upperBound < part.endChunk })
        }
        chunks = state.commits.flatMap { all[$0.version] ?? [] } + streamed
    }

    var chunkCount: Int { chunks.count }

    func rowCount(chunk: Int) -> Int { chunks[chunk].rowCount }

    func read(chunk: Int, schema: Schema) throws -> ColumnBatch {
        let piece = chunks[chunk]
        var batches: [ColumnBatch] = []
        try storeErrors { () throws(PostgresError) in
            try snapshot.withConnection { connection throws(PostgresError) in
                let query = try query(piece, schema)
                try connection.copyOut(query, schema: schema, batchRows: max(1, piece.rowCount)) {
                    batch throws(PostgresError) in batches.append(batch)
                }
            }
        }
        guard batches.count == 1 || piece.rowCount == 0, let batch = batches.first,
            batch.rowCount == piece.rowCount
        else {
            throw StoreError(
                .corrupt,
                "\(table.name) has \(batches.reduce(0) { $0 + $1.rowCount }) rows of \(piece), "
                    + "instead of \(piece.rowCount)",
                hint: "rows were changed by another program; restore them from a backup")
        }
        return batch
    }

    /// The rows of a piece, with columns widened to the types wanted; the partition is named, so
    /// nothing has to be pruned. Those of a stream come in their order in it.
    private func query(_ piece: LogChunk, _ wanted: Schema) throws(PostgresError) -> String {
        let order = piece.streamPartition == nil ? "" : "ORDER BY \(StreamColumn.offset)"
        return """
            SELECT \(try table.columns(wanted, of: schema))
            FROM \(table.name(of: piece.partition)) WHERE \(piece.condition) \(order)
            """
    }
}
