import Glibc

/// The right to write to one source, which the system takes back when the process ends, however
/// it ends.
///
/// The file's content tells the next writer that this one has not finished, so that it looks for
/// what was left behind.
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
            close(descriptor)
            throw isTaken
                ? LakeError(
                    .busy, "another process is writing to \(folder)",
                    hint: "wait for it, then run it again") : error
        }
        wasAbandoned = LakeFiles.size(of: path) != 0
    }

    /// Notes that files may lie around that no commit lists.
    borrowing func beginWork() throws(LakeError) {
        var mark = UInt8(ascii: "w")
        guard unsafe pwrite(descriptor, &mark, 1, 0) == 1 else {
            throw LakeFiles.failure("cannot write", path)
        }
    }

    /// Notes that none do.
    borrowing func endWork() throws(LakeError) {
        guard ftruncate(descriptor, 0) == 0 else { throw LakeFiles.failure("cannot write", path) }
    }

    deinit { close(descriptor) }
}
