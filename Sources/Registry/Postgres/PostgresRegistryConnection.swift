import Postgres
import Values

/// A registry's connection to a PostgreSQL server. Its tables are in a schema of their own, apart
/// from the offline store's: a source may be called like one of them.
///
/// Writers take turns by an advisory lock, so whatever a transaction reads stays as it is until it
/// commits. A connection that broke while nobody used it, as when the server was restarted, is made
/// again at the next transaction.
final class PostgresRegistryConnection: SQLConnection {
    private static let schema = "roost_registry"
    private static let migrations = PGMigrations(
        schema: schema, versions: RegistrySchema.postgresSteps)

    private let address: String
    private let busyMilliseconds: Int32
    private var connection: PGConnection

    /// Connects; a writer waits at most so long for another.
    init(_ address: String, busyMilliseconds: Int32 = 30_000) throws(RegistryError) {
        self.address = address
        self.busyMilliseconds = busyMilliseconds
        connection = try Self.connected(address)
    }

    var place: String { connection.place }

    /// Makes the tables, or brings them to this release's version.
    func prepare() throws(RegistryError) {
        try registryErrors { () throws(PostgresError) in try Self.migrations.run(on: connection) }
    }

    /// Whether there are any tables.
    func isPrepared() throws(RegistryError) -> Bool {
        try registryErrors { () throws(PostgresError) in
            try Self.migrations.isBegun(on: connection)
        }
    }

    func answer(_ sql: String, _ values: [SQLValue]) throws(RegistryError) -> SQLAnswer {
        let answer = try registryErrors { () throws(PostgresError) in
            try connection.answer(
                sql.replacing("?", with: "$"), values.map(\.postgresText))
        }
        let rows = answer.rows.map { row in
            SQLRow(values: zip(row, answer.types).map { SQLValue(postgresText: $0, type: $1) })
        }
        return SQLAnswer(rows: rows, changeCount: answer.changedCount)
    }

    func begin(_ purpose: SQLPurpose) throws(RegistryError) {
        do throws(PostgresError) {
            try start(purpose)
        } catch  where error.code == .disconnected {
            connection = try Self.connected(address)
            try registryErrors { () throws(PostgresError) in try start(purpose) }
        } catch {
            throw RegistryError(error)
        }
    }

    func rollBack() {
        if connection.isOpen { _ = try? connection.run("ROLLBACK") }
    }

    private func start(_ purpose: SQLPurpose) throws(PostgresError) {
        guard purpose == .writing else {
            try connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return
        }
        // Every statement behind the lock sees what the writer before committed.
        try connection.run("BEGIN ISOLATION LEVEL READ COMMITTED")
        do throws(PostgresError) {
            try connection.run("SET LOCAL lock_timeout = \(busyMilliseconds)")
            try connection.run(
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [Self.schema])
        } catch {
            rollBack()
            throw error
        }
    }

    private static func connected(_ address: String) throws(RegistryError) -> PGConnection {
        try registryErrors { () throws(PostgresError) in
            try PGConnection(address, schema: schema)
        }
    }
}

extension SQLValue {
    /// The value as the server reads it.
    fileprivate var postgresText: String? {
        switch self {
        case .null: nil
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        case .bytes(let bytes): "\\x" + hexadecimal(bytes)
        }
    }

    /// The value of a column of `type`, as the server writes it.
    fileprivate init(postgresText text: String?, type: PGType) {
        guard let text else {
            self = .null
            return
        }
        switch type {
        case .int4, .int8: self = Int64(text).map(SQLValue.integer) ?? .null
        case .float8: self = Double(text).map(SQLValue.real) ?? .null
        case .bytea:
            self = Values.bytes(hexadecimal: text.dropFirst(2)).map(SQLValue.bytes) ?? .null
        default: self = .text(text)
        }
    }
}

extension RegistryError {
    /// The failure of a PostgreSQL server, in the words of registries.
    init(_ error: PostgresError) {
        let code: Code =
            switch error.code {
            case .disconnected, .notReady, .diskFull: .io
            case .denied, .badAddress: .denied
            case .conflict: .busy
            case .laterVersion: .newerSchema
            case .value where error.sqlState?.hasPrefix("23") == true: .conflict
            default: .corrupt
            }
        self.init(code, error.message, hint: error.hint)
    }
}

/// Runs `body` and says its failure in the words of registries.
private func registryErrors<Result>(
    _ body: () throws(PostgresError) -> Result
) throws(RegistryError) -> Result {
    do throws(PostgresError) {
        return try body()
    } catch {
        throw RegistryError(error)
    }
}
