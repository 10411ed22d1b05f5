import Glibc

/// The right to write to a store, held by one job of one process; the system takes it back when
/// the process ends, however it ends.
struct WriterLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the right to write to the store in `folder`.
    ///
    /// - Throws: `busy` when another holds it.
    init(folder: String) throws(StoreError) {
        let path = "\(folder)/writer.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw StoreError(
                errno == ENOSPC ? .diskFull : .failure,
                "cannot open \(path): \(unsafe String(cString: strerror(errno)))",
                hint: "give this user the right to write there")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(
                .busy, "another job is writing to the online store at \(folder)",
                hint: "wait until it has ended; readers are not disturbed")
        }
    }

    deinit {
        // Closing alone would leave the lock to a child that is being started at this moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
