import Columns
import Postgres
import Stores
import Values

extension PostgresEventLog {
    /// Where the row stands: a column for the removal alone.
    private static let place = Field(name: "_ctid", type: .string)

    /// Removes rows from all states in one transaction; see `EventLog`.
    ///
    /// Rows are read piece by piece and removed by their places, which are theirs alone while the
    /// right to append is held: so the same code decides whose they are in every store.
    func remove(
        _ rows: RowSelection, at time: EventTime, isDryRun: Bool
    ) throws -> EventLogRemoval {
        let connection = try storeErrors { () throws(PostgresError) in try PGConnection(address) }
        if !isDryRun { try takeRight(connection) }
        let (log, chunks) = try storeErrors { () throws(PostgresError) in
            let log = try LogCommit.read(table, upTo: .newest, on: connection)
            return (log, try PostgresRows.chunks(of: log, table, connection))
        }
        guard let schema = log.last?.schema else { return EventLogRemoval() }
        let replaced = Set(log.compactMap(\.replaces))
        var removal = EventLogRemoval()
        var touched: Set<String> = []
        // A connection that is let go takes its transaction with it.
        _ = try storeErrors { () throws(PostgresError) in
            try connection.run(isDryRun ? "BEGIN READ ONLY" : "BEGIN")
        }
        for chunk in chunks {
            let places = try places(of: rows, in: chunk, schema, connection)
            if places.isEmpty { continue }
            removal.count(places.count, isReplaced: replaced.contains(chunk.version))
            touched.insert(chunk.partition)
            if !isDryRun {
                try storeErrors { () throws(PostgresError) in
                    try remove(places, of: chunk, connection)
                }
            }
        }
        try storeErrors { () throws(PostgresError) in
            try connection.run("COMMIT")
            if isDryRun { return }
            // What is left of removed rows goes with it; without it, it goes later.
            for partition in touched {
                _ = try? connection.run("VACUUM \(table.name(of: partition))")
            }
        }
        return removal
    }

    private func places(
        of rows: RowSelection, in chunk: LogChunk, _ schema: Schema, _ connection: PGConnection
    ) throws -> [String] {
        let query = try storeErrors { () throws(PostgresError) in
            """
            SELECT ctid::text, \(try table.columns(rows.schema, of: schema))
            FROM \(table.name(of: chunk.partition))
            WHERE \(LogTable.commit) = \(chunk.version) AND \(LogTable.chunk) = \(chunk.number)
            """
        }
        var batches: [ColumnBatch] = []
        try storeErrors { () throws(PostgresError) in
            try connection.copyOut(query, schema: Schema([Self.place] + rows.schema.fields)) {
                batch throws(PostgresError) in batches.append(batch)
            }
        }
        var places: [String] = []
        for batch in batches {
            let deciding = ColumnBatch(
                schema: rows.schema, columns: Array(batch.columns.dropFirst()),
                rowCount: batch.rowCount)
            for row in try rows.select(deciding) {
                if case .string(let place) = batch.columns[0].scalar(at: Int(row)) {
                    places.append(place)
                }
            }
        }
        return places
    }

    /// Removes rows of a piece and counts them out of it and its commit.
    private func remove(
        _ places: [String], of chunk: LogChunk, _ connection: PGConnection
    ) throws(PostgresError) {
        let list = "{" + places.map { "\"\($0)\"" }.joined(separator: ",") + "}"
        let count = try connection.change(
            "DELETE FROM \(table.name(of: chunk.partition)) WHERE ctid = ANY($1::tid[])", [list])
        guard count == places.count else {
            throw PostgresError(
                .conflict, "another program changes rows of \(table.name)",
                hint: "run it again when that has ended")
        }
        let rest = chunk.rowCount - count
        if rest == 0 {
            try connection.run(
                """
                DELETE FROM roost.event_chunk WHERE source = $1 AND version = $2 AND chunk = $3
                """, [table.source, "\(chunk.version)", "\(chunk.number)"])
        } else {
            try connection.run(
                """
                UPDATE roost.event_chunk SET row_count = $4
                WHERE source = $1 AND version = $2 AND chunk = $3
                """, [table.source, "\(chunk.version)", "\(chunk.number)", "\(rest)"])
        }
        // Bytes are those of all rows by the number of rows.
        try connection.run(
            """
            UPDATE roost.event_commit
            SET byte_count = byte_count::numeric * (row_count - $3::bigint) / greatest(row_count, 1),
                row_count = row_count - $3::bigint
            WHERE source = $1 AND version = $2
            """, [table.source, "\(chunk.version)", "\(count)"])
    }
}
