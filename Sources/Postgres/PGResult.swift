import CPQ

/// The answer to one command; cleared when it goes.
@safe
struct PGResult: ~Copyable {
    private let pointer: OpaquePointer

    /// Takes over an answer of libpq.
    init(_ pointer: OpaquePointer) { unsafe self.pointer = unsafe pointer }

    deinit { unsafe PQclear(pointer) }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }

    /// The server's error, or nil when the command succeeded.
    var failure: PostgresError? {
        guard [PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE].contains(status) else { return nil }
        let message = field(PG_DIAG_MESSAGE_PRIMARY) ?? "no message"
        let detail = field(PG_DIAG_MESSAGE_DETAIL).map { " (\($0))" } ?? ""
        guard let sqlState = field(PG_DIAG_SQLSTATE) else {
            // An error of libpq itself: the connection is gone.
            let text = unsafe String(cString: PQresultErrorMessage(pointer))
            return PostgresError(
                .disconnected, "the connection to PostgreSQL broke: \(text.trimmed)",
                hint: "see whether the server runs, and run the command again")
        }
        return PostgresError(server: message + detail, sqlState: sqlState)
    }

    /// The rows as texts, nil for nulls.
    var rows: [[String?]] {
        let (rowCount, columnCount) = unsafe (PQntuples(pointer), PQnfields(pointer))
        return (0..<rowCount).map { row in
            (0..<columnCount).map { column in
                if unsafe PQgetisnull(pointer, row, column) == 1 { return nil }
                return unsafe String(cString: PQgetvalue(pointer, row, column))
            }
        }
    }

    /// The types of the columns.
    var types: [PGType] {
        unsafe (0..<PQnfields(pointer)).map { column in
            unsafe PGType(PQftype(pointer, column), modifier: PQfmod(pointer, column))
        }
    }

    /// The names of the columns.
    var names: [String] {
        unsafe (0..<PQnfields(pointer)).map { column in
            unsafe String(cString: PQfname(pointer, column))
        }
    }

    /// How many rows a command changed.
    var changedCount: Int { unsafe Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    private func field(_ code: Int8) -> String? {
        unsafe PQresultErrorField(pointer, Int32(code)).map { unsafe String(cString: $0) }
    }
}

/// The letters by which libpq names the parts of an error.
private let PG_DIAG_SQLSTATE = Int8(UInt8(ascii: "C"))
private let PG_DIAG_MESSAGE_PRIMARY = Int8(UInt8(ascii: "M"))
private let PG_DIAG_MESSAGE_DETAIL = Int8(UInt8(ascii: "D"))

extension String {
    /// Without blanks and ends of lines around it.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0.isWhitespace }
        let start = firstIndex { !isBlank($0) } ?? endIndex
        let end = lastIndex { !isBlank($0) }.map { index(after: $0) } ?? start
        return String(self[start..<end])
    }
}
