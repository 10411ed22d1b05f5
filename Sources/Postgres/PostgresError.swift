/// Why a PostgreSQL server does not do what it is asked.
public struct PostgresError: Error, Hashable, Sendable {
    /// The kinds of failure; more may come.
    public struct Code: Hashable, Sendable {
        /// The stable name.
        public let name: String

        /// The text is no address of a server.
        public static let badAddress = Code(name: "postgres_bad_address")
        /// The server cannot be reached, or the connection broke: what was sent last may have been
        /// done or not.
        public static let disconnected = Code(name: "postgres_disconnected")
        /// The user, the password or a right is missing.
        public static let denied = Code(name: "postgres_denied")
        /// The server's disk is full.
        public static let diskFull = Code(name: "postgres_disk_full")
        /// Another transaction was in the way: the same again may work.
        public static let conflict = Code(name: "postgres_conflict")
        /// The server is starting, stopping, read only or out of connections.
        public static let notReady = Code(name: "postgres_not_ready")
        /// A table, a column or a schema is not what it should be.
        public static let schema = Code(name: "postgres_schema")
        /// A later release made the tables.
        public static let laterVersion = Code(name: "postgres_later_version")
        /// A value that PostgreSQL cannot hold.
        public static let value = Code(name: "postgres_value")
        /// The server refuses for another reason.
        public static let refused = Code(name: "postgres_refused")
        /// What came is not what was asked for.
        public static let protocolViolation = Code(name: "postgres_protocol")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, with which value; never a password.
    public let message: String
    /// What to do about it, if that is known.
    public let hint: String?
    /// The five letters and digits of the server's error; nil for errors of this side.
    public let sqlState: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, hint: String? = nil, sqlState: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.sqlState = sqlState
    }

    /// Whether the same may work a little later.
    public var isRetriable: Bool {
        [.disconnected, .diskFull, .conflict, .notReady].contains(code)
    }
}

extension PostgresError: CustomStringConvertible {
    /// The message and the remedy.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }
}

extension PostgresError {
    /// The same, with the column whose value it is about.
    func inColumn(_ name: String) -> PostgresError {
        guard code == .value else { return self }
        return PostgresError(
            code, "column '\(name)': \(message)", hint: hint, sqlState: sqlState)
    }

    /// The error of a server, by the class of its SQLSTATE.
    init(server message: String, sqlState: String) {
        let known = Self.kinds.first { sqlState.hasPrefix($0.prefix) }
        self.init(
            known?.code ?? .refused, "PostgreSQL refuses: \(message)", hint: known?.hint,
            sqlState: sqlState)
    }

    /// Longer prefixes stand before shorter ones.
    private static let kinds: [(prefix: String, code: Code, hint: String?)] = [
        ("42501", .denied, "grant the role that right; see docs/stores.md"),
        ("28", .denied, "check user and password of the store's address"),
        ("3D000", .denied, "create the database, or correct its name"),
        ("53100", .diskFull, "make room on the server's disk and run the command again"),
        ("53", .notReady, "the server is out of memory or connections; try again later"),
        ("25006", .notReady, "this server is read only; give the address of the primary"),
        ("40", .conflict, "run the command again"),
        ("55P03", .conflict, "another job holds the lock; run the command again"),
        ("57P", .notReady, "the server is starting or stopping; try again later"),
        ("57014", .notReady, "the server gave up after its time limit"),
        ("08", .disconnected, "see whether the server runs"),
        ("22", .value, nil),
        ("23", .value, nil),
        ("42", .schema, "the tables are not of this release; run 'roost doctor'"),
    ]
}
