import Glibc

/// The right to write to a store, held by one job of one process; the system takes it back when
/// the process ends, however it ends.
struct WriterLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Takes the right to write to the store in `folder`.
    ///
    /// - Throws: `busy` when another holds it, naming its process.
    init(folder: String) throws(StoreError) {
        descriptor = try Self.lock(folder)
        nameHolder()
    }

    private static func lock(_ folder: String) throws(StoreError) -> Int32 {
        let path = "\(folder)/writer.lock"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let isFull = errno == ENOSPC || errno == EDQUOT
            throw StoreError(
                isFull ? .diskFull : .failure,
                "cannot open \(path): \(unsafe String(cString: strerror(errno)))",
                hint: isFull
                    ? "make room on the disk and run the command again"
                    : "give this user the right to write there")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = holder(descriptor).map { "process \($0)" } ?? "another job"
            close(descriptor)
            throw StoreError(
                .busy, "\(holder) is writing to the online store at \(folder)",
                hint: "wait until it has ended; readers are not disturbed")
        }
        return descriptor
    }

    /// Tells others who writes. A full disk may refuse it: then they are told of another job.
    private borrowing func nameHolder() {
        let name = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe name.withUnsafeBytes { bytes in
            unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, 0)
        }
    }

    /// The number of the process that has the lock; nil if it could not say so. It says so right
    /// after it took the lock, so who finds nothing looks again for a little while.
    private static func holder(_ descriptor: Int32) -> Int32? {
        for _ in 0..<100 {
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(descriptor, buffer.baseAddress, buffer.count, 0)
            }
            let digits = bytes.prefix(max(0, count)).prefix { $0 != 10 }
            if let number = Int32(String(decoding: digits, as: UTF8.self)) { return number }
            usleep(1000)
        }
        return nil
    }

    deinit {
        _ = ftruncate(descriptor, 0)
        // Closing alone would leave the lock to a child that is being started at this moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
