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
        let (state, log, pieces) = try storeErrors { () throws(PostgresError) in
            (
                try self.state(at: .newest, on: connection),
                try LogCommit.read(table, on: connection),
                try LogChunk.read(table, on: connection)
            )
        }
        guard let schema = state.schema else { return EventLogRemoval() }
        let replaced = Set(log.compactMap(\.replaces))
        let chunks = pieces.sorted { $0.key < $1.key }.flatMap { version, chunks in
            version < 0 ? LogChunk.merged(chunks) : chunks
        }
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
            let letters = DeadLetterTable(table)
            var meant: [DeadLetterTable.Entry] = []
            try letters.read(on: connection) { entries throws(PostgresError) in
                meant += entries.filter { rows.mayMean($0.letter.record) }
            }
            removal.deadLetters = meant.count
            if !isDryRun { try letters.remove(meant, on: connection) }
            try connection.run("COMMIT")
            if isDryRun { return }
            // What is left of removed rows goes with it; without it, it goes later.
            for partition in touched {
                _ = try? connection.run("VACUUM \(table.name(of: partition))")
            }
            if !meant.isEmpty { _ = try? connection.run("VACUUM roost.event_dead_letter") }
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
            WHERE \(chunk.condition)
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

    /// Removes rows of pieces and counts them out of those and their commit.
    private func remove(
        _ places: [String], of chunk: LogChunk, _ connection: PGConnection
    ) throws(PostgresError) {
        let list = "{" + places.map { "\"\($0)\"" }.joined(separator: ",") + "}"
        let numbers = try connection.run(
            """
            DELETE FROM \(table.name(of: chunk.partition)) WHERE ctid = ANY($1::tid[])
            RETURNING \(LogTable.chunk)
            """, [list])
        guard numbers.count == places.count else {
            throw PostgresError(
                .conflict, "another program changes rows of \(table.name)",
                hint: "run it again when that has ended")
        }
        for (number, gone) in Dictionary(grouping: numbers, by: \.first) {
            let key = [table.source, "\(chunk.version)", number.flatMap { $0 }]
            try connection.run(
                """
                UPDATE roost.event_chunk SET row_count = row_count - $4::integer
                WHERE source = $1 AND version = $2 AND chunk = $3
                """, key + ["\(gone.count)"])
            try connection.run(
                """
                DELETE FROM roost.event_chunk
                WHERE source = $1 AND version = $2 AND chunk = $3 AND row_count = 0
                """, key)
        }
        // Bytes are those of all rows by the number of rows.
        try connection.run(
            """
            UPDATE roost.event_commit
            SET byte_count = byte_count::numeric * (row_count - $3::bigint) / greatest(row_count, 1),
                row_count = row_count - $3::bigint
            WHERE source = $1 AND version = $2
            """, [table.source, "\(chunk.version)", "\(places.count)"])
    }
}
