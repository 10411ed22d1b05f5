import Glibc
import Postgres
import Synchronization

/// A registry in a database that speaks SQL: a file of SQLite for any number of processes of one
/// machine, or a PostgreSQL server for many machines.
///
/// A reader sees one state beside a writer; a writer waits up to 30 s for another, and then sees
/// what that one wrote. Complexity: every method reads or writes the rows that it is about.
public final class SQLRegistry: RegistryStore {
    private let connection: Mutex<any SQLConnection>

    /// Opens the registry in the SQLite file at `path`; makes an empty one, and its folder, if there
    /// is none.
    ///
    /// - Throws: `foreign` when the file is something else, `newerSchema` when a later release
    ///   wrote it, `corrupt`, `busy`, `io`.
    public convenience init(file path: String) throws(RegistryError) {
        try self.init(file: path, busyMilliseconds: 30_000)
    }

    init(file path: String, busyMilliseconds: Int32) throws(RegistryError) {
        connection = Mutex(
            try SQLiteConnection.registry(path: path, busyMilliseconds: busyMilliseconds))
    }

    /// Opens the registry in the PostgreSQL database at `address`; makes its tables, or brings them
    /// to this release's version, where they are not.
    ///
    /// - Throws: `io` while the server cannot be reached, `denied`, `newerSchema`, `busy`.
    public convenience init(server address: String) throws(RegistryError) {
        try self.init(server: address, busyMilliseconds: 30_000)
    }

    init(server address: String, busyMilliseconds: Int32) throws(RegistryError) {
        let opened = try PostgresRegistryConnection(address, busyMilliseconds: busyMilliseconds)
        try opened.prepare()
        connection = Mutex(opened)
    }

    /// Whether there is a file at `path`; commands that only look do not make one.
    public static func exists(file path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Whether the database at `address` has a registry's tables; commands that only look do not
    /// make them.
    public static func exists(server address: String) throws(RegistryError) -> Bool {
        try PostgresRegistryConnection(address).isPrepared()
    }

    /// The server and database at `address`, without user and password.
    public static func place(ofServer address: String) -> String {
        (try? PGConnection.place(of: address)) ?? "PostgreSQL"
    }

    /// Runs `body` on one state of the registry.
    func read<Result: Sendable>(
        _ body: @Sendable (any SQLConnection) throws(RegistryError) -> Result
    ) throws(RegistryError) -> Result {
        try connection.withLock { connection throws(RegistryError) in
            try connection.transaction(.reading, body)
        }
    }

    /// Runs `body` as one transaction.
    func write<Result: Sendable>(
        _ body: @Sendable (any SQLConnection) throws(RegistryError) -> Result
    ) throws(RegistryError) -> Result {
        try connection.withLock { connection throws(RegistryError) in
            try connection.transaction(.writing, body)
        }
    }
}
