import CSQLite

/// A compiled statement.
///
/// It holds the connection's C object alive: SQLite frees that only with its last statement.
@safe
struct SQLiteStatement: ~Copyable {
    private let handle: OpaquePointer
    private let path: String

    /// Compiles `sql`, which must be one statement.
    init(_ sql: String, connection: OpaquePointer, path: String) throws(RegistryError) {
        var compiled: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(connection, sql, -1, &compiled, nil)
        guard let statement = unsafe compiled, code == SQLITE_OK else {
            throw unsafe sqliteError(code, connection: connection, path: path)
        }
        unsafe handle = statement
        self.path = path
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Gives the parameters their values, the first to `?1`.
    borrowing func bind(_ values: [SQLiteValue]) throws(RegistryError) {
        precondition(
            unsafe values.count == Int(sqlite3_bind_parameter_count(handle)),
            "a statement with another number of parameters")
        for (index, value) in values.enumerated() {
            try check(bind(value, at: Int32(index + 1)))
        }
    }

    private borrowing func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(handle, index)
        case .integer(let number): return unsafe sqlite3_bind_int64(handle, index, number)
        case .real(let number): return unsafe sqlite3_bind_double(handle, index, number)
        case .text(let text):
            return unsafe roost_sqlite3_bind_text(handle, index, text, Int32(text.utf8.count))
        case .bytes(let bytes):
            // A null pointer would bind NULL instead of no bytes.
            if bytes.isEmpty { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
            return unsafe bytes.withUnsafeBytes { buffer in
                unsafe roost_sqlite3_bind_blob(
                    handle, index, buffer.baseAddress, Int32(buffer.count))
            }
        }
    }

    /// Goes to the next row; false when there is none.
    borrowing func step() throws(RegistryError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        try check(code)
        return false
    }

    /// Whether the value in column `column` is null.
    borrowing func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The integer in column `column`.
    borrowing func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    /// The integer in column `column`, as a number of things.
    borrowing func count(_ column: Int32) -> Int { Int(clamping: integer(column)) }

    /// The number in column `column`.
    borrowing func real(_ column: Int32) -> Double {
        unsafe sqlite3_column_double(handle, column)
    }

    /// The text in column `column`.
    borrowing func text(_ column: Int32) throws(RegistryError) -> String {
        guard let text = String(validating: bytes(column), as: UTF8.self) else {
            throw RegistryError(
                .corrupt, "\(path) holds a text that is not UTF-8", hint: remedyForDamage)
        }
        return text
    }

    /// The text in column `column`, or nil for null.
    borrowing func optionalText(_ column: Int32) throws(RegistryError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    /// The bytes in column `column`.
    borrowing func bytes(_ column: Int32) -> [UInt8] {
        let pointer = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe Array(
            UnsafeRawBufferPointer(start: pointer, count: pointer == nil ? 0 : count))
    }

    private borrowing func check(_ code: Int32) throws(RegistryError) {
        if code == SQLITE_OK { return }
        throw unsafe sqliteError(code, connection: sqlite3_db_handle(handle), path: path)
    }
}
