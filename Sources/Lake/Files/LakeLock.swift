import Glibc

/// The right to write to one source, which the system takes back when the process ends, however
/// it ends.
///
/// While it is at work the file holds the number of its process: others are told who it is, and
/// the next writer knows that this one has not finished and looks for what was left behind.
@safe
struct LakeLock: ~Copyable {
    /// Whether the writer before died at work.
    let wasAbandoned: Bool
    private let descriptor: Int32
    private let path: String

    /// Takes the right to write below `folder`, which must exist.
    ///
    /// - Throws: `busy` when another process has it.
    init(folder: String) throws(LakeError) {
        path = "\(folder)/_lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw LakeFiles.failure("cannot open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let error = LakeFiles.failure("cannot lock", path)
            let holder = Self.holder(descriptor).map { "process \($0)" } ?? "another process"
            close(descriptor)
            throw isTaken
                ? LakeError(
                    .busy, "\(holder) is writing to \(folder)",
                    hint: "wait for it, then run it again") : error
        }
        wasAbandoned = LakeFiles.size(of: path) != 0
    }

    /// Notes that files may lie around that no commit lists.
    borrowing func beginWork() throws(LakeError) {
        let mark = Array("\(getpid())".utf8)
        let count = unsafe mark.withUnsafeBytes { bytes in
            unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, 0)
        }
        guard count == mark.count else { throw LakeFiles.failure("cannot write", path) }
    }

    /// The number of the process that is at work; nil if it has not begun.
    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, 0)
        }
        return Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    }

    /// Notes that none do.
    borrowing func endWork() throws(LakeError) {
        guard ftruncate(descriptor, 0) == 0 else { throw LakeFiles.failure("cannot write", path) }
    }

    deinit {
        // A process that is being started holds a copy of the descriptor until it is.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
