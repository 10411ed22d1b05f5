import Synchronization

/// One state of a database, which any number of connections read at a time, whatever is written or
/// removed meanwhile. It ends when this object goes.
public final class PGSnapshot: Sendable {
    private let address: String
    private let identifier: String
    private let idle: Mutex<[Lent]>

    /// A connection inside a transaction on the snapshot.
    // SAFETY: used by one thread at a time, to which `withConnection` lends it.
    private struct Lent: @unchecked Sendable {
        let connection: PGConnection
    }

    /// Takes the state that the database at `address` has.
    public init(_ address: String) throws(PostgresError) {
        self.address = address
        let connection = try PGConnection(address)
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        identifier = try connection.run("SELECT pg_export_snapshot()")[0][0] ?? ""
        idle = Mutex([Lent(connection: connection)])
    }

    /// Lends a connection that sees the state; each thread gets one of its own. Whatever fails on
    /// it ends the snapshot.
    public func withConnection<Result>(
        _ body: (PGConnection) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        let kept = idle.withLock { $0.popLast() }
        let lent = if let kept { kept } else { Lent(connection: try connected()) }
        let result = try body(lent.connection)
        idle.withLock { $0.append(lent) }
        return result
    }

    private func connected() throws(PostgresError) -> PGConnection {
        let connection = try PGConnection(address)
        try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        try connection.run("SET TRANSACTION SNAPSHOT '\(identifier)'")
        return connection
    }
}
