import CSQLite

/// A connection to one SQLite file; one thread at a time may use it.
///
/// Every statement takes its values as bound parameters, so no value is ever part of SQL.
@safe
struct SQLiteConnection: ~Copyable {
    /// The file.
    let path: String
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
        self.path = path
        unsafe handle = connection
        unsafe sqlite3_extended_result_codes(connection, 1)
        unsafe sqlite3_busy_timeout(connection, busyMilliseconds)
    }

    deinit { unsafe sqlite3_close_v2(handle) }

    /// Runs one statement that gives no rows, or whose rows do not matter.
    borrowing func run(_ sql: String, _ values: [SQLiteValue] = []) throws(RegistryError) {
        let statement = try prepare(sql)
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Runs several statements without parameters, separated by semicolons.
    borrowing func runScript(_ sql: String) throws(RegistryError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        if code == SQLITE_OK { return }
        throw unsafe sqliteError(code, connection: handle, path: path)
    }

    /// What `read` makes of each row.
    borrowing func rows<Row>(
        _ sql: String, _ values: [SQLiteValue] = [],
        _ read: (borrowing SQLiteStatement) throws(RegistryError) -> Row
    ) throws(RegistryError) -> [Row] {
        let statement = try prepare(sql)
        try statement.bind(values)
        var rows: [Row] = []
        while try statement.step() { rows.append(try read(statement)) }
        return rows
    }

    /// What `read` makes of the first row, or nil when there is none.
    borrowing func first<Row>(
        _ sql: String, _ values: [SQLiteValue] = [],
        _ read: (borrowing SQLiteStatement) throws(RegistryError) -> Row
    ) throws(RegistryError) -> Row? {
        let statement = try prepare(sql)
        try statement.bind(values)
        return try statement.step() ? try read(statement) : nil
    }

    /// The integer in the first column of the first row; 0 when there is none.
    borrowing func integer(
        _ sql: String, _ values: [SQLiteValue] = []
    ) throws(RegistryError) -> Int64 {
        try first(sql, values) { row throws(RegistryError) in row.integer(0) } ?? 0
    }

    /// How many rows the last statement changed.
    borrowing func changeCount() -> Int { unsafe Int(sqlite3_changes(handle)) }

    /// Whether a transaction writes.
    enum Purpose: String {
        /// It sees one state of the file, beside any writer.
        case reading = "BEGIN"
        /// It begins by taking the only right to write, so that what it reads cannot change below
        /// it.
        case writing = "BEGIN IMMEDIATE"
    }

    /// Runs `body` as one transaction. Undone when `body` throws.
    borrowing func transaction<Result>(
        _ purpose: Purpose,
        _ body: (borrowing SQLiteConnection) throws(RegistryError) -> Result
    ) throws(RegistryError) -> Result {
        try run(purpose.rawValue)
        do throws(RegistryError) {
            let result = try body(self)
            try run("COMMIT")
            return result
        } catch {
            // A failure that ended the transaction leaves nothing to undo; and should undoing fail,
            // closing the file undoes it, and the first error is the one to tell.
            if unsafe sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
            throw error
        }
    }

    private borrowing func prepare(_ sql: String) throws(RegistryError) -> SQLiteStatement {
        try unsafe SQLiteStatement(sql, connection: handle, path: path)
    }
}
