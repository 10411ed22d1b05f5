import CLMDB
import Glibc

/// Throws what a call to LMDB reports, unless it is success.
func check(_ result: Int32, _ action: String, at path: String) throws(StoreError) {
    guard result != MDB_SUCCESS else { return }
    let reason = unsafe mdb_strerror(result).map { unsafe String(cString: $0) } ?? "\(result)"
    let message = "cannot \(action) the online store at \(path): \(reason)"
    switch result {
    case MDB_MAP_FULL:
        throw .full("cannot \(action) the online store at \(path)")
    case ENOSPC, EDQUOT:
        throw StoreError(
            .diskFull, message, hint: "make room on the disk and run the command again")
    case EIO where action == "write to":
        // A write that the disk took in part only.
        throw StoreError(
            .diskFull, message,
            hint: "the disk is full, or failing: make room and run the command again")
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_PANIC, MDB_VERSION_MISMATCH:
        throw StoreError(
            .corrupt, message, hint: "remove the folder and materialize again")
    case MDB_READERS_FULL:
        throw StoreError(.busy, message, hint: "too many readers are at work; try again later")
    case MDB_MAP_RESIZED:
        throw StoreError(
            .failure, message, hint: "another process opened it with a larger size; start again")
    case ENOMEM:
        throw StoreError(
            .failure, message,
            hint: "the limit of the address space (ulimit -v) is below the store's size")
    default: throw StoreError(.failure, message)
    }
}

extension StoreError {
    /// The store would become larger than it may.
    static func full(_ message: String) -> StoreError {
        StoreError(
            .full, "\(message): it has reached its greatest size",
            hint: "give it a larger one in roost.yaml, 'online: lmdb:PATH?size=128GiB', or "
                + "materialize fewer views")
    }
}
