import CRename
import Glibc
import Values

/// The few file operations that jobs need, with errors that name the path and the remedy.
package enum FileSystem {
    /// What stands at a path.
    package enum Kind {
        case file
        case folder
        /// A device, pipe or socket, which holds nothing that can be read twice or replaced.
        case special
        case missing
    }

    /// What stands at `path`; symbolic links are followed.
    package static func kind(of path: String) -> Kind {
        guard let status = status(of: path) else { return .missing }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file
        default: return .special
        }
    }

    /// What tells the file or folder at `path` from all others while both exist; nil when there is
    /// none.
    static func identity(of path: String) -> [UInt64]? {
        status(of: path).map { [UInt64($0.st_dev), UInt64($0.st_ino)] }
    }

    /// The size of the file at `path` in bytes, or nil when there is none.
    package static func size(of path: String) -> Int? { status(of: path).map { Int($0.st_size) } }

    /// Whether two paths lead to the same file.
    package static func isSame(_ left: String, _ right: String) -> Bool {
        guard let left = identity(of: left) else { return false }
        return left == identity(of: right)
    }

    /// The names in the folder at `path`, sorted by their bytes.
    package static func names(in path: String) throws(JobError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw systemError("cannot list", path) }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes the folder at `path` and its parents; an existing folder is fine.
    package static func makeFolder(_ path: String) throws(JobError) {
        if kind(of: path) == .folder { return }
        let parent = Path.parent(of: path)
        if parent != path, kind(of: parent) == .missing { try makeFolder(parent) }
        guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw systemError("cannot make the folder", path)
        }
    }

    /// Moves `source` to `target`, replacing a file there in one step.
    static func move(_ source: String, to target: String) throws(JobError) {
        guard unsafe rename(source, target) == 0 else { throw systemError("cannot write", target) }
    }

    /// Exchanges two files or folders of one file system in one step: nobody ever sees either name
    /// missing.
    static func exchange(_ left: String, _ right: String) throws(JobError) {
        guard unsafe roost_exchange(left, right) == 0 else {
            throw systemError("cannot exchange \(left) and", right)
        }
    }

    /// Removes the file or folder at `path` with all it holds; a missing one is fine.
    package static func remove(_ path: String) throws(JobError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in try names(in: path) { try remove(Path.join(path, name)) }
            guard unsafe rmdir(path) == 0 else { throw systemError("cannot remove", path) }
        } else {
            guard unsafe unlink(path) == 0 else { throw systemError("cannot remove", path) }
        }
    }

    /// The whole file at `path` as text.
    package static func text(of path: String) throws(JobError) -> String {
        String(decoding: try bytes(of: path), as: UTF8.self)
    }

    /// The whole file at `path`.
    package static func bytes(of path: String) throws(JobError) -> [UInt8] {
        var bytes: [UInt8] = []
        try readBlocks(of: path) { bytes += $0 }
        return bytes
    }

    /// The SHA-256 of the file at `path`, in hexadecimal digits.
    package static func digest(of path: String) throws(JobError) -> String {
        var hasher = SHA256()
        try readBlocks(of: path) { block in
            unsafe block.withUnsafeBufferPointer { unsafe hasher.update($0) }
        }
        return hexadecimal(hasher.finalized())
    }

    private static func readBlocks(
        of path: String, _ use: (ArraySlice<UInt8>) -> Void
    ) throws(JobError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError("cannot read", path) }
        defer { close(descriptor) }
        var block = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemError("cannot read", path) }
            if count == 0 { return }
            use(block[..<count])
        }
    }

    /// Writes `text` to `path` by way of a temporary file beside it, so that readers see all or
    /// nothing.
    package static func write(_ text: String, to path: String) throws(JobError) {
        try write(Array(text.utf8), to: path)
    }

    /// Writes `bytes` to `path` by way of a temporary file beside it, so that readers see all or
    /// nothing.
    package static func write(_ bytes: [UInt8], to path: String) throws(JobError) {
        let temporary = Path.temporarySibling(of: path)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError("cannot write", path) }
        AbandonedFiles.lock(descriptor)
        let isComplete = writeAll(bytes, to: descriptor)
        guard close(descriptor) == 0, isComplete else {
            let error = systemError("cannot write", path)
            unsafe unlink(temporary)
            throw error
        }
        try move(temporary, to: path)
    }

    /// Writes all of `bytes`; false when the system refused some, with the reason in `errno`.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }

    /// An error about `path` with the system's reason.
    static func systemError(_ action: String, _ path: String) -> JobError {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        let mayPass = [ENOSPC, EDQUOT, EMFILE, ENFILE, EAGAIN, ENOMEM].contains(number)
        return JobError(
            mayPass ? .tryAgain : number == ENOENT ? .usage : .failure,
            "\(action) \(path): \(reason)", hint: hint(for: number))
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    private static func hint(for number: Int32) -> String? {
        switch number {
        case ENOENT: "check the spelling; relative paths start at the project folder"
        case EACCES, EPERM: "give this user the right to it"
        case ENOSPC, EDQUOT: "make room on the disk and run the command again"
        default: nil
        }
    }
}
