import Glibc
import Synchronization

/// A file that appears under its name complete or not at all.
///
/// Bytes go to a file beside it; `publish` syncs and renames that, and a file that is let go
/// before is removed.
@safe
final class OutputFile {
    let path: String
    private(set) var position = 0
    private let temporaryPath: String
    private var descriptor: Int32
    private var isPublished = false

    private static let serial = Atomic<UInt64>(0)

    init(path: String) throws(ParquetError) {
        self.path = path
        let serial = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
        temporaryPath = "\(path).\(getpid())-\(serial).tmp"
        descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .writing("cannot create \(temporaryPath)", errorNumber: errno)
        }
        // A job that was killed lets the lock go: what nobody holds may be removed.
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isPublished { unsafe unlink(temporaryPath) }
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(ParquetError) {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe Glibc.write(
                    descriptor, source.baseAddress.map { unsafe $0 + done }, source.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw .writing("writing \(temporaryPath)", errorNumber: errno)
            }
            done += written
        }
        position += bytes.count
    }

    /// Makes what was written durable and gives it its name.
    func publish() throws(ParquetError) {
        guard fsync(descriptor) == 0, close(descriptor) == 0 else {
            throw .writing("writing \(temporaryPath)", errorNumber: errno)
        }
        descriptor = -1
        guard unsafe rename(temporaryPath, path) == 0 else {
            throw ParquetError(.io, "cannot rename \(temporaryPath): \(systemMessage(errno))")
        }
        isPublished = true
        try syncFolder()
    }

    /// A rename is durable only when its folder is.
    private func syncFolder() throws(ParquetError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let handle = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else {
            throw ParquetError(.io, "cannot open folder \(folder): \(systemMessage(errno))")
        }
        defer { close(handle) }
        guard fsync(handle) == 0 else {
            throw ParquetError(.io, "cannot sync folder \(folder): \(systemMessage(errno))")
        }
    }
}
