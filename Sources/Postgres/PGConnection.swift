import CPQ
import Glibc

/// One connection to a server. libpq reads the address, with all its settings: `sslmode`,
/// `sslrootcert`, `connect_timeout`, a Unix socket's folder as `host`, and so on.
///
/// It blocks its thread, so it belongs to jobs and not to a server's loops. Used by one caller at
/// a time.
@safe
public final class PGConnection {
    /// How long to wait for a connection unless the address says so, in seconds.
    private static let connectTimeout = "10"
    /// Values as they are meant, whatever the server's settings are.
    private static let options =
        "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c bytea_output=hex "
        + "-c extra_float_digits=1"

    /// What libpq knows the connection by.
    let pointer: OpaquePointer
    /// The server without user and password.
    public let place: String
    /// Where names without a schema are looked for first, if that was said.
    public let schema: String?

    /// Connects.
    ///
    /// - Parameters:
    ///   - address: `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`, or libpq's
    ///     `host=... dbname=...`.
    ///   - schema: where names without a schema are looked for; nil = where the server says.
    /// - Throws: `badAddress`, `disconnected`, `denied`, `notReady`.
    public init(_ address: String, schema: String? = nil) throws(PostgresError) {
        place = try Self.place(of: address)
        self.schema = schema
        let settings = [
            ("dbname", address), ("connect_timeout", Self.connectTimeout),
            ("application_name", "roost"), ("client_encoding", "UTF8"),
            ("options", Self.options + (schema.map { " -c search_path=\($0)" } ?? "")),
        ]
        guard let opened = unsafe Self.open(settings) else {
            throw PostgresError(.disconnected, "no memory for a connection to PostgreSQL")
        }
        unsafe pointer = opened
        guard unsafe PQstatus(pointer) == CONNECTION_OK else { throw connectionFailure }
        // What a server notices ("table exists already") is no output of a command.
        unsafe PQsetNoticeProcessor(pointer, { _, _ in }, nil)
    }

    deinit { unsafe PQfinish(pointer) }

    /// Whether the connection stands, as far as this side knows.
    public var isOpen: Bool { unsafe PQstatus(pointer) == CONNECTION_OK }

    /// Runs one command with parameters `$1`, `$2`, ... as texts.
    public func answer(
        _ command: String, _ parameters: [String?] = []
    ) throws(PostgresError) -> PGAnswer {
        let result = try result(of: command, parameters)
        return PGAnswer(rows: result.rows, types: result.types, changedCount: result.changedCount)
    }

    /// Runs one command with parameters `$1`, `$2`, ... as texts.
    ///
    /// - Returns: the rows, as texts; nil for nulls.
    @discardableResult
    public func run(
        _ command: String, _ parameters: [String?] = []
    ) throws(PostgresError) -> [[String?]] {
        try result(of: command, parameters).rows
    }

    /// Runs one command that changes rows.
    ///
    /// - Returns: how many rows were changed.
    public func change(
        _ command: String, _ parameters: [String?] = []
    ) throws(PostgresError) -> Int {
        try result(of: command, parameters).changedCount
    }

    /// Runs several commands without parameters, separated by semicolons, as one transaction.
    public func runAll(_ commands: String) throws(PostgresError) {
        _ = try unsafe checked(PQexec(pointer, commands), commands)
    }

    /// Runs `body` in a transaction that is committed if it does not throw.
    ///
    /// - Throws: what `body` throws; `disconnected` when the connection broke, and then the
    ///   transaction may have been committed only if the break came while committing.
    public func transaction<Result>(
        _ body: () throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        try run("BEGIN")
        do throws(PostgresError) {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            if isOpen { _ = try? run("ROLLBACK") }
            throw error
        }
    }

    private func result(
        of command: String, _ parameters: [String?]
    ) throws(PostgresError) -> PGResult {
        guard !parameters.contains(where: { $0?.utf8.contains(0) == true }) else {
            throw PostgresError(.value, "a text with a NUL cannot be given to PostgreSQL")
        }
        let values = unsafe parameters.map { unsafe $0.flatMap { unsafe strdup($0) } }
        defer {
            for index in parameters.indices { unsafe free(values[index]) }
        }
        let pointers = unsafe values.map { unsafe UnsafePointer<CChar>($0) }
        return try unsafe checked(
            PQexecParams(pointer, command, Int32(parameters.count), nil, pointers, nil, nil, 0),
            command)
    }

    /// The answer to `command`, if it is no error.
    func checked(
        _ result: OpaquePointer?, _ command: String
    ) throws(PostgresError) -> PGResult {
        guard let result = unsafe result else { throw connectionFailure }
        let owned = unsafe PGResult(result)
        if let failure = owned.failure { throw explained(failure, command) }
        return owned
    }

    /// The same error, with the right that is missing if that is what it is about.
    private func explained(_ error: PostgresError, _ command: String) -> PostgresError {
        guard error.code == .denied else { return error }
        let role = unsafe PQuser(pointer).map { unsafe String(cString: $0) } ?? ""
        let missing = MissingRight(
            error.message, command: command, role: role, schema: schema)
        guard let missing else { return error }
        return PostgresError(
            error.code, error.message,
            hint: "its owner can run: \(missing.grant); docs/stores.md lists all rights",
            sqlState: error.sqlState)
    }

    /// What libpq says of the connection.
    var connectionFailure: PostgresError {
        let text = unsafe String(cString: PQerrorMessage(pointer)).trimmed
        let isAboutTLS = ["certificate", "SSL"].contains { text.contains($0) }
        if isAboutTLS, !isOpen {
            return PostgresError(
                .denied, "cannot use PostgreSQL at \(place): \(text)",
                hint: "check sslmode and sslrootcert of the address: the certificate of the server "
                    + "must be of that authority and name its host")
        }
        let isRefusal = ["authentication failed", "role \"", "database \"", "no pg_hba"].contains {
            text.contains($0)
        }
        return PostgresError(
            isRefusal ? .denied : .disconnected,
            "cannot use PostgreSQL at \(place): \(text)",
            hint: isRefusal
                ? "check user, password and database of the store's address"
                : "see whether it runs there and may be reached from here")
    }

    private static func open(_ settings: [(String, String)]) -> OpaquePointer? {
        var keys = unsafe settings.map { unsafe UnsafePointer<CChar>(strdup($0.0)) }
        var values = unsafe settings.map { unsafe UnsafePointer<CChar>(strdup($0.1)) }
        unsafe keys.append(nil)
        unsafe values.append(nil)
        defer {
            for index in settings.indices {
                unsafe free(UnsafeMutablePointer(mutating: keys[index]))
                unsafe free(UnsafeMutablePointer(mutating: values[index]))
            }
        }
        // The address stands in `dbname` and is taken apart; what follows it has precedence.
        return unsafe PQconnectdbParams(keys, values, 1)
    }

    /// Host, port and database of an address.
    ///
    /// - Throws: `badAddress`.
    public static func place(of address: String) throws(PostgresError) -> String {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(address, &message) else {
            unsafe PQfreemem(message)
            // The message of libpq repeats the address, and so the password.
            throw PostgresError(
                .badAddress, "the address of PostgreSQL cannot be read",
                hint: "write postgres://USER:PASSWORD@HOST:PORT/DATABASE")
        }
        defer { unsafe PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                parts[unsafe String(cString: keyword)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        let host = parts["host"] ?? parts["hostaddr"] ?? "localhost"
        return "\(host):\(parts["port"] ?? "5432")/\(parts["dbname"] ?? parts["user"] ?? "")"
    }
}
