import Glibc

/// The few file operations of the lake.
enum LakeFiles {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The size of the file at `path` in bytes; nil when there is none.
    static func size(of path: String) -> Int? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Makes the folder at `path` and its parents; an existing one is fine.
    static func makeFolder(_ path: String) throws(LakeError) {
        if path.isEmpty || exists(path) { return }
        let parent = folder(of: path)
        try makeFolder(parent)
        guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw failure("cannot make the folder", path)
        }
        try sync(folder: parent)
    }

    /// The names in the folder at `path`, sorted by their bytes; none when it is missing.
    static func names(in path: String) throws(LakeError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure("cannot list", path)
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The whole file at `path`.
    static func bytes(of path: String) throws(LakeError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot read", path) }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
    }

    /// How the name of a file ends that is not published yet.
    static let unfinished = "tmp"

    /// Gives `bytes` the name `path` in one step, unless that is taken; false when it is. The name
    /// is durable when its folder was synced. Nobody else may publish it as `writer` meanwhile.
    static func publish(
        _ bytes: [UInt8], as path: String, by writer: String
    ) throws(LakeError) -> Bool {
        let temporary = "\(path).\(writer).\(unfinished)"
        defer { unsafe unlink(temporary) }
        try write(bytes, to: temporary)
        // A link, unlike a rename, never replaces what another writer published.
        guard unsafe link(temporary, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure("cannot write", path)
        }
        return true
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(LakeError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure("cannot write", path) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = failure("cannot write", path)
                close(descriptor)
                throw error
            }
            written += count
        }
        guard fsync(descriptor) == 0 else {
            let error = failure("cannot write", path)
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw failure("cannot write", path) }
    }

    /// Makes the names in a folder durable.
    static func sync(folder path: String) throws(LakeError) {
        let descriptor = unsafe open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot open the folder", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot write the folder", path) }
    }

    /// Removes the file at `path`; a missing one is fine.
    static func remove(_ path: String) throws(LakeError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw failure("cannot remove", path)
        }
    }

    /// The folder that holds `path`; empty for the present one.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What the system said last, about `path`.
    static func failure(_ action: String, _ path: String) -> LakeError {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        return LakeError(.io, "\(action) \(path): \(reason)", hint: remedy(for: reason))
    }

    /// What to do about the system's `reason`.
    static func remedy(for reason: String) -> String {
        isLackOfRoom(reason)
            ? "make room and run it again; what was published before is whole"
            : "check the disk and the rights of this user, then run it again"
    }

    /// Whether the system's `reason` is that there is no room.
    static func isLackOfRoom(_ reason: String) -> Bool {
        [ENOSPC, EDQUOT, EFBIG].contains { number in
            unsafe strerror(number).map { unsafe reason.contains(String(cString: $0)) } ?? false
        }
    }
}
