import CSQLite

/// A connection to one SQLite file; one thread at a time may use it.
@safe
final class SQLiteConnection: SQLConnection {
    /// The file.
    let place: String
    private let handle: OpaquePointer

    /// Opens the file at `path`, making an empty one if there is none.
    init(path: String, busyMilliseconds: Int32 = 30_000) throws(RegistryError) {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        guard let connection = unsafe opened, code == SQLITE_OK else {
            let error = unsafe sqliteError(code, connection: opened, path: path)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        place = path
        unsafe handle = connection
        unsafe sqlite3_extended_result_codes(connection, 1)
        unsafe sqlite3_busy_timeout(connection, busyMilliseconds)
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    func answer(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> SQLAnswer {
        let statement = try unsafe SQLiteStatement(sql, connection: handle, path: place)
        try statement.bind(values)
        var rows: [SQLRow] = []
        while try statement.step() { rows.append(try statement.row()) }
        return SQLAnswer(rows: rows, changeCount: unsafe Int(sqlite3_changes(handle)))
    }

    func begin(_ purpose: SQLPurpose) throws(RegistryError) {
        try run(purpose == .writing ? "BEGIN IMMEDIATE" : "BEGIN")
    }

    func rollBack() {
        // A failure may have ended the transaction.
        if unsafe sqlite3_get_autocommit(handle) == 0 { _ = try? run("ROLLBACK") }
    }

    /// Runs several statements without parameters, separated by semicolons.
    func runScript(_ sql: String) throws(RegistryError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        if code == SQLITE_OK { return }
        throw unsafe sqliteError(code, connection: handle, path: place)
    }
}
