import Postgres
public import Stores

/// The offline store in a PostgreSQL server: everything stands in the schema `roost`.
///
///     roost.migration     which versions of these tables were made
///     roost.event_commit  one row per append: interval, identity, columns
///     roost.event_chunk   the pieces in which an append wrote its rows
///     roost.event_stream, event_checkpoint, event_step, event_dead_letter
///                         the streams: where each begins, how far it is, what was no row
///     roost."<source>"    the rows of a source, all declared columns, partitioned by month of the
///                         event time, with a default partition
public struct PostgresOfflineStore: OfflineStore {
    private let address: String

    /// Connects to the database at `address` and brings its tables to this version.
    ///
    /// - Throws: `unavailable`, `denied`; `unsafeSetup` for tables of a later version.
    public init(_ address: String) throws(StoreError) {
        self.address = address
        try storeErrors { () throws(PostgresError) in
            try PGMigrations.offlineStore.run(on: PGConnection(address))
        }
    }

    /// The event log of the source `name`.
    ///
    /// - Throws: `misuse` when it cannot be a table's.
    public func eventLog(of name: String) throws -> any EventLog {
        let table = LogTable(source: name)
        if let reason = table.objection { throw StoreError(.misuse, reason) }
        return PostgresEventLog(address: address, table: table)
    }

    /// The sources that have a log, by name.
    public func sources() throws -> [String] {
        try storeErrors { () throws(PostgresError) in
            try LogTable.sources(on: PGConnection(address))
        }
    }
}
