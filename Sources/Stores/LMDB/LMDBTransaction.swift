import CLMDB

/// A transaction that is aborted when it goes, unless it was committed. It is used on the thread
/// that began it, inside one call.
@safe
struct LMDBTransaction: ~Copyable {
    private let pointer: OpaquePointer
    private let table: MDB_dbi
    private let path: String
    private let state: CommitState

    private final class CommitState {
        var isOver = false
    }

    init(
        _ environment: OpaquePointer, table: MDB_dbi, isReadOnly: Bool, path: String
    ) throws(StoreError) {
        var begun: OpaquePointer?
        try unsafe check(
            mdb_txn_begin(environment, nil, isReadOnly ? UInt32(MDB_RDONLY) : 0, &begun),
            isReadOnly ? "read" : "write", at: path)
        guard let begun = unsafe begun else {
            throw StoreError(.failure, "no transaction on the online store at \(path)")
        }
        unsafe pointer = begun
        self.table = table
        self.path = path
        state = CommitState()
    }

    deinit {
        if !state.isOver { unsafe mdb_txn_abort(pointer) }
    }

    /// Makes everything written last. Nothing may follow.
    func commit() throws(StoreError) {
        // LMDB frees the transaction also when committing fails.
        state.isOver = true
        try unsafe check(mdb_txn_commit(pointer), "write to", at: path)
    }

    /// How many bytes the pages that hold keys and values take, with what this transaction wrote.
    func usedBytes() throws(StoreError) -> Int {
        var tree = MDB_stat()
        try unsafe check(mdb_stat(pointer, table, &tree), "read", at: path)
        let pages = tree.ms_branch_pages + tree.ms_leaf_pages + tree.ms_overflow_pages
        return pages * Int(tree.ms_psize)
    }

    /// A copy of the value of `key`, or nil.
    func value(of key: [UInt8]) throws(StoreError) -> [UInt8]? {
        var data = unsafe MDB_val()
        let result = unsafe withValue(of: key) { key in
            unsafe mdb_get(pointer, table, &key, &data)
        }
        if result == MDB_NOTFOUND || result == MDB_BAD_VALSIZE { return nil }
        try check(result, "read", at: path)
        return unsafe data.bytes
    }

    /// Writes a value over any that is there.
    func put(_ key: [UInt8], _ value: [UInt8]) throws(StoreError) {
        try check(put(key, value, flags: 0), "write to", at: path)
    }

    /// Writes a value whose key is not there; cheapest when it is the greatest of all.
    ///
    /// - Returns: false when the key is there.
    func add(_ key: [UInt8], _ value: [UInt8]) throws(StoreError) -> Bool {
        var result = put(key, value, flags: UInt32(MDB_APPEND))
        // Greater keys are there, so it belongs in their middle.
        if result == MDB_KEYEXIST { result = put(key, value, flags: UInt32(MDB_NOOVERWRITE)) }
        if result == MDB_KEYEXIST { return false }
        try check(result, "write to", at: path)
        return true
    }

    /// Removes a key; a missing one is fine.
    func remove(_ key: [UInt8]) throws(StoreError) {
        let result = unsafe withValue(of: key) { key in
            unsafe mdb_del(pointer, table, &key, nil)
        }
        if result != MDB_NOTFOUND { try check(result, "write to", at: path) }
    }

    /// The keys that begin with `prefix`, at most `limit`, in ascending order.
    func keys(withPrefix prefix: [UInt8], limit: Int) throws(StoreError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        try unsafe walk(from: prefix) { key, _ in
            guard key.starts(with: prefix), keys.count < limit else { return false }
            keys.append(key)
            return true
        }
        return keys
    }

    /// Gives what stands behind `prefix` in the keys that begin with it, and the values, in
    /// ascending order, until `take` returns false.
    func values(
        withPrefix prefix: [UInt8], _ take: (_ rest: [UInt8], _ value: [UInt8]) -> Bool
    ) throws(StoreError) {
        try unsafe walk(from: prefix) { key, value in
            guard key.starts(with: prefix) else { return false }
            return take(Array(key.dropFirst(prefix.count)), unsafe value.bytes)
        }
    }

    /// Walks the keys from `start` on, until `body` returns false.
    private func walk(
        from start: [UInt8], _ body: ([UInt8], MDB_val) -> Bool
    ) throws(StoreError) {
        var cursor: OpaquePointer?
        try unsafe check(mdb_cursor_open(pointer, table, &cursor), "read", at: path)
        defer { unsafe mdb_cursor_close(cursor) }
        var data = unsafe MDB_val()
        var found: [UInt8] = []
        var result = unsafe withValue(of: start) { key in
            let result = unsafe mdb_cursor_get(cursor, &key, &data, MDB_SET_RANGE)
            if result == MDB_SUCCESS { found = unsafe key.bytes }
            return result
        }
        while result == MDB_SUCCESS, unsafe body(found, data) {
            var key = unsafe MDB_val()
            result = unsafe mdb_cursor_get(cursor, &key, &data, MDB_NEXT)
            if result == MDB_SUCCESS { found = unsafe key.bytes }
        }
        if result != MDB_SUCCESS, result != MDB_NOTFOUND { try check(result, "read", at: path) }
    }

    private func put(_ key: [UInt8], _ value: [UInt8], flags: UInt32) -> Int32 {
        unsafe withValue(of: key) { key in
            unsafe withValue(of: value) { value in
                unsafe mdb_put(pointer, table, &key, &value, flags)
            }
        }
    }
}

/// Lends `bytes` to LMDB, which only reads them.
private func withValue<Result>(
    of bytes: [UInt8], _ body: (inout MDB_val) -> Result
) -> Result {
    unsafe bytes.withUnsafeBytes { buffer in
        var value = unsafe MDB_val(
            mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
        return unsafe body(&value)
    }
}

extension MDB_val {
    /// A copy of what it points at.
    fileprivate var bytes: [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: mv_data, count: mv_size))
    }
}
