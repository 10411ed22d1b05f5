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
    borrowing func bind(_ values: [SQLValue]) throws(RegistryError) {
        precondition(
            unsafe values.count == Int(sqlite3_bind_parameter_count(handle)),
            "a statement with another number of parameters")
        for (index, value) in values.enumerated() {
            try check(bind(value, at: Int32(index + 1)))
        }
    }

    private borrowing func bind(_ value: SQLValue, at index: Int32) -> Int32 {
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

    /// The row that it is at.
    borrowing func row() throws(RegistryError) -> SQLRow {
        var values: [SQLValue] = []
        let count = unsafe sqlite3_column_count(handle)
        for column in 0..<count { values.append(try value(column)) }
        return SQLRow(values: values)
    }

    private borrowing func value(_ column: Int32) throws(RegistryError) -> SQLValue {
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(handle, column))
        case SQLITE_BLOB: return .bytes(bytes(column))
        case SQLITE_TEXT:
            if let text = String(validating: bytes(column), as: UTF8.self) { return .text(text) }
            throw RegistryError(
                .corrupt, "\(path) holds a text that is not UTF-8", hint: remedyForDamage)
        default: return .null
        }
    }

    private borrowing func bytes(_ column: Int32) -> [UInt8] {
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
