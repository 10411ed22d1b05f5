import CLMDB
import Glibc
import Synchronization

/// An open LMDB environment. LMDB forbids a process to open one twice, so all who open the same
/// folder share it; it is closed with the last of them.
// SAFETY: an environment may be used by all threads; transactions belong to one call each. Opening
// and closing happen under the lock of `open`.
@safe
final class LMDBEnvironment: @unchecked Sendable {
    @safe
    private struct Shared {
        let pointer: OpaquePointer
        var users: Int
    }

    private static let open = Mutex<[String: Shared]>([:])

    let path: String
    private let identity: String
    private let pointer: OpaquePointer
    /// The table of all keys.
    let table: MDB_dbi
    /// How many bytes may hold states; see `leastReserve`.
    let roomForStates: Int

    /// Removing states writes copies of the pages that change. What is kept free for them, between
    /// these bounds, is what lets a store that reached its greatest size get smaller again.
    private static let leastReserve = 64 << 10
    private static let greatestReserve = 16 << 20

    /// Opens the store in the folder at `path`, which must exist.
    init(path: String, greatestSize: Int) throws(StoreError) {
        self.path = path
        identity = Self.identity(of: path)
        unsafe pointer = try Self.acquire(identity, path, greatestSize)
        do throws(StoreError) {
            table = try unsafe Self.openTable(pointer, path)
            var info = unsafe MDB_envinfo()
            try unsafe check(mdb_env_info(pointer, &info), "read", at: path)
            let size = unsafe info.me_mapsize
            roomForStates =
                size - min(max(size / 8, Self.leastReserve), Self.greatestReserve)
        } catch {
            Self.release(identity)
            throw error
        }
    }

    deinit { Self.release(identity) }

    /// Runs `body` in a transaction that sees one moment and writes nothing.
    func read<Result>(
        _ body: (borrowing LMDBTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let transaction = try unsafe LMDBTransaction(
            pointer, table: table, isReadOnly: true, path: path)
        return try body(transaction)
    }

    /// Runs `body` in a transaction that is committed if it does not throw; waits for others.
    func write<Result>(
        _ body: (borrowing LMDBTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let transaction = try unsafe LMDBTransaction(
            pointer, table: table, isReadOnly: false, path: path)
        let result = try body(transaction)
        try transaction.commit()
        return result
    }

    /// The folder under one name, whatever links lead to it.
    private static func identity(of path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func acquire(
        _ identity: String, _ path: String, _ greatestSize: Int
    ) throws(StoreError) -> OpaquePointer {
        try unsafe open.withLock { open throws(StoreError) in
            if var shared = open[identity] {
                shared.users += 1
                open[identity] = shared
                return unsafe shared.pointer
            }
            let pointer = try unsafe opened(path, greatestSize)
            open[identity] = unsafe Shared(pointer: pointer, users: 1)
            return unsafe pointer
        }
    }

    private static func release(_ identity: String) {
        open.withLock { open in
            guard var shared = open[identity] else { return }
            shared.users -= 1
            open[identity] = shared.users == 0 ? nil : shared
            if shared.users == 0 { unsafe mdb_env_close(shared.pointer) }
        }
    }

    private static func opened(
        _ path: String, _ greatestSize: Int
    ) throws(StoreError) -> OpaquePointer {
        var created: OpaquePointer?
        try unsafe check(mdb_env_create(&created), "prepare", at: path)
        guard let pointer = unsafe created else {
            throw StoreError(.failure, "cannot prepare the online store at \(path)")
        }
        do throws(StoreError) {
            try StoreFiles.reserveLocks(in: path)
            try unsafe check(mdb_env_set_mapsize(pointer, greatestSize), "size", at: path)
            try unsafe check(mdb_env_set_maxreaders(pointer, 512), "prepare", at: path)
            let flags = UInt32(MDB_NOTLS | MDB_NORDAHEAD)
            try unsafe check(mdb_env_open(pointer, path, flags, 0o666), "open", at: path)
            var dead: Int32 = 0
            // Readers that were killed would keep old pages for ever.
            try unsafe check(mdb_reader_check(pointer, &dead), "tidy", at: path)
        } catch {
            StoreFiles.removeUnborn(in: path)
            unsafe mdb_env_close(pointer)
            throw error
        }
        return unsafe pointer
    }

    private static func openTable(
        _ pointer: OpaquePointer, _ path: String
    ) throws(StoreError) -> MDB_dbi {
        var transaction: OpaquePointer?
        var table: MDB_dbi = 0
        try unsafe check(
            mdb_txn_begin(pointer, nil, UInt32(MDB_RDONLY), &transaction), "read", at: path)
        let result = unsafe mdb_dbi_open(transaction, nil, 0, &table)
        guard result == MDB_SUCCESS else {
            unsafe mdb_txn_abort(transaction)
            try check(result, "read", at: path)
            return 0
        }
        try unsafe check(mdb_txn_commit(transaction), "read", at: path)
        return table
    }
}
