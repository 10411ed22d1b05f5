let remedyForDamage = "restore it from a copy, or move it away and run 'roost apply' again"

/// A connection to a database that speaks SQL; one thread at a time may use it.
///
/// This is all that a registry needs of a database, so its statements are written once, in the SQL
/// that all of them understand. Parameters are `?1`, `?2`, ...: no value is ever part of SQL.
protocol SQLConnection: AnyObject {
    /// The file, or the server and its database; for messages, and without a password.
    var place: String { get }

    /// Runs one statement.
    func answer(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> SQLAnswer
    /// Begins a transaction.
    func begin(_ purpose: SQLPurpose) throws(RegistryError)
    /// Undoes the transaction, if there is still one. Should that fail, closing the connection does
    /// it.
    func rollBack()
}

/// What a statement gave.
struct SQLAnswer: Sendable {
    let rows: [SQLRow]
    /// How many rows it changed.
    let changeCount: Int
}

/// Whether a transaction writes.
enum SQLPurpose {
    /// It sees one state of the database, beside any writer.
    case reading
    /// It begins by taking the only right to write, so that what it reads cannot change below it.
    case writing
}

extension SQLConnection {
    /// Runs one statement and returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue] = []) throws(RegistryError) -> Int {
        try answer(sql, values).changeCount
    }

    /// What `read` makes of each row.
    func rows<Row>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (SQLRow) throws(RegistryError) -> Row
    ) throws(RegistryError) -> [Row] {
        var rows: [Row] = []
        for row in try answer(sql, values).rows { rows.append(try read(row)) }
        return rows
    }

    /// What `read` makes of the first row, or nil when there is none.
    func first<Row>(
        _ sql: String, _ values: [SQLValue] = [], _ read: (SQLRow) throws(RegistryError) -> Row
    ) throws(RegistryError) -> Row? {
        guard let row = try answer(sql, values).rows.first else { return nil }
        return try read(row)
    }

    /// The integer in the first column of the first row; 0 when there is none.
    func integer(_ sql: String, _ values: [SQLValue] = []) throws(RegistryError) -> Int64 {
        try answer(sql, values).rows.first?.integer(0) ?? 0
    }

    /// Runs `body` as one transaction. Undone when `body` throws.
    func transaction<Result>(
        _ purpose: SQLPurpose, _ body: (any SQLConnection) throws(RegistryError) -> Result
    ) throws(RegistryError) -> Result {
        try begin(purpose)
        do throws(RegistryError) {
            let result = try body(self)
            try run("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }
}
