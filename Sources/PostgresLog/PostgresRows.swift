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
    private let schema: Schema
    private let snapshot: PGSnapshot

    init(
        _ address: String, _ table: LogTable, commits: [LogCommit]
    ) throws(PostgresError) {
        self.table = table
        schema = commits.max { $0.version < $1.version }?.schema ?? Schema([])
        let snapshot = try PGSnapshot(address)
        self.snapshot = snapshot
        chunks = try snapshot.withConnection { connection throws(PostgresError) in
            try Self.chunks(of: commits, table, connection)
        }
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
                "\(table.name) has \(batches.reduce(0) { $0 + $1.rowCount }) rows of commit "
                    + "\(piece.version), piece \(piece.number), instead of \(piece.rowCount)",
                hint: "rows were changed by another program; restore them from a backup")
        }
        return batch
    }

    /// The rows of a piece, with columns widened to the types wanted; the partition is named, so
    /// nothing has to be pruned.
    private func query(_ piece: LogChunk, _ wanted: Schema) throws(PostgresError) -> String {
        """
        SELECT \(try table.columns(wanted, of: schema)) FROM \(table.name(of: piece.partition))
        WHERE \(LogTable.commit) = \(piece.version) AND \(LogTable.chunk) = \(piece.number)
        """
    }

    static func chunks(
        of commits: [LogCommit], _ table: LogTable, _ connection: PGConnection
    ) throws(PostgresError) -> [LogChunk] {
        let rows = try connection.run(
            """
            SELECT version, chunk, row_count, partition FROM roost.event_chunk
            WHERE source = $1 ORDER BY version, chunk
            """, [table.source])
        var chunks: [Int: [LogChunk]] = [:]
        for row in rows {
            let numbers = row.prefix(3).compactMap { $0.flatMap { Int($0) } }
            guard numbers.count == 3, let partition = row[3] else {
                throw PostgresError(.protocolViolation, "roost.event_chunk is damaged")
            }
            chunks[numbers[0], default: []].append(
                LogChunk(
                    version: numbers[0], number: numbers[1], rowCount: numbers[2],
                    partition: partition))
        }
        return commits.flatMap { chunks[$0.version] ?? [] }
    }
}
