import Postgres
import Stores
import Values

/// The event log of one source in PostgreSQL.
///
/// An append is one transaction: rows, pieces and the commit, whose number no other can have. The
/// connection that holds the right to append is another one: it makes tables and partitions, which
/// readers and the transaction shall not wait for.
struct PostgresEventLog: EventLog {
    let address: String
    let table: LogTable

    func state(at point: LogPoint) throws -> any EventLogState {
        try storeErrors { () throws(PostgresError) in
            try state(at: point, on: PGConnection(address))
        }
    }

    func append(
        _ interval: EventInterval, identity: [UInt8], schema: Schema, at time: EventTime,
        rows: (any EventLogWriter) throws -> Void
    ) throws -> EventLogReceipt {
        let keeper = try storeErrors { () throws(PostgresError) in try PGConnection(address) }
        if let done = try unchanged(interval, identity, keeper) { return done }
        try takeRight(keeper)
        // The server notices a closed connection only after a while, and the next job may follow at
        // once.
        defer { _ = try? keeper.run("SELECT pg_advisory_unlock_all()") }
        // Somebody may have been at it before the right was taken.
        if let done = try unchanged(interval, identity, keeper) { return done }
        let newest = try storeErrors { () throws(PostgresError) in
            try state(at: .newest, on: keeper)
        }
        if let refusal = newest.refusal(appending: interval, schema, to: table.source) {
            throw StoreError(
                refusal.isOverlap ? .overlap : .schema, refusal.message, hint: refusal.hint)
        }
        let commit = LogCommit(
            version: newest.commitCount + 1, interval: interval, identity: identity,
            publishedAt: time, replaces: newest.commit(of: interval)?.version, schema: schema)
        return try append(commit, keeper, rows)
    }

    private func append(
        _ commit: LogCommit, _ keeper: PGConnection, _ rows: (any EventLogWriter) throws -> Void
    ) throws -> EventLogReceipt {
        let connection = try storeErrors { () throws(PostgresError) in
            try table.prepare(commit.schema, on: keeper)
            try table.prepareYear(from: commit.publishedAt, on: keeper)
            let connection = try PGConnection(address)
            try connection.run("BEGIN")
            return connection
        }
        let append = PostgresAppend(commit, to: table, connection: connection, keeper: keeper)
        // A connection that is let go takes its transaction with it.
        try rows(append)
        let written = append.commit
        do throws(PostgresError) {
            try written.record(append.chunks, of: table, on: connection)
            try connection.run("COMMIT")
        } catch  where error.code == .disconnected {
            // It may have been committed before the connection broke: the log tells.
            guard let done = try unchanged(written.interval, written.identity, nil) else {
                throw StoreError(error)
            }
            return EventLogReceipt(entry: done.entry, isNew: true, counts: append.counts)
        } catch {
            throw StoreError(error)
        }
        append.summarize()
        return EventLogReceipt(entry: written.entry, isNew: true, counts: append.counts)
    }

    func state(
        at point: LogPoint, on connection: PGConnection
    ) throws(PostgresError) -> PostgresLogState {
        try PostgresLogState(address: address, table: table, at: point, on: connection)
    }

    private func unchanged(
        _ interval: EventInterval, _ identity: [UInt8], _ connection: PGConnection?
    ) throws(StoreError) -> EventLogReceipt? {
        let newest = try storeErrors { () throws(PostgresError) in
            if let connection { return try state(at: .newest, on: connection) }
            return try state(at: .newest, on: PGConnection(address))
        }
        guard let commit = newest.commit(of: interval), commit.identity == identity else {
            return nil
        }
        return EventLogReceipt(entry: commit.entry, isNew: false, counts: EventLogCounts())
    }

    /// Takes the right to append, which ends with the connection.
    func takeRight(_ keeper: PGConnection) throws(StoreError) {
        let rows = try storeErrors { () throws(PostgresError) in
            try keeper.run(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", ["roost \(table.name)"])
        }
        guard rows == [["t"]] else {
            throw StoreError(
                .busy, "another job is appending to source '\(table.source)' in \(keeper.place)",
                hint: "run it again when that has ended")
        }
    }
}
