import CLMDB
import Glibc

/// The files of an LMDB folder, where a full disk would do more than refuse.
enum StoreFiles {
    /// Room for about a thousand readers.
    private static let lockBytes: off_t = 64 << 10

    /// Gives the file of locks its place on the disk. LMDB maps it, and who touches a mapped page
    /// for which a full disk has no place is ended by the system.
    ///
    /// Closing the file would end this process's locks on it, so it comes before LMDB opens it.
    static func reserveLocks(in path: String) throws(StoreError) {
        let descriptor = unsafe open("\(path)/lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        // LMDB says why a file cannot be opened.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        let isReserved =
            unsafe fstat(descriptor, &status) == 0 && off_t(status.st_blocks) * 512 >= lockBytes
        if isReserved { return }
        let code = posix_fallocate(descriptor, 0, lockBytes)
        // Not every file system can reserve.
        if code == ENOSPC || code == EDQUOT { try check(code, "open", at: path) }
    }

    /// Removes a file of data that a full disk cut off before it held the two pages that make it
    /// a store: nothing is in it, and LMDB would call it damaged for ever.
    ///
    /// Only for an environment that could not be opened, while it still holds its locks.
    static func removeUnborn(in path: String) {
        let file = "\(path)/data.mdb"
        var status = stat()
        guard unsafe stat(file, &status) == 0, status.st_size < 2 * off_t(getpagesize()) else {
            return
        }
        unsafe unlink(file)
    }
}
