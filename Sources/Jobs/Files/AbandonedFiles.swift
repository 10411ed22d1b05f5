import Glibc

// A job that is killed cannot remove what it was writing. Whoever writes a temporary file or folder
// holds a lock on it (`lock`), which the system lets go with the process; what nobody holds is
// removed by the next job with the same output.

/// Temporary files and folders that killed jobs left beside an output.
enum AbandonedFiles {
    /// Between making a file and locking it a moment passes, so younger ones are left alone.
    private static let leastAgeSeconds = 60

    /// Holds `descriptor` as its writer's until it is closed.
    static func lock(_ descriptor: Int32) { flock(descriptor, LOCK_EX | LOCK_NB) }

    /// Removes what killed jobs left beside `output`; what cannot be removed stays.
    /// `now` is in seconds since 1970.
    static func remove(beside output: String, now: Int = time(nil)) {
        let folder = Path.parent(of: output)
        let name = Path.name(of: output)
        for candidate in (try? FileSystem.names(in: folder)) ?? []
        where isTemporary(candidate, of: name) {
            let path = Path.join(folder, candidate)
            if isAbandoned(path, now: now) { try? FileSystem.remove(path) }
        }
    }

    /// Whether `candidate` is named as a temporary of `name`: `.name.12.tmp`, `name.12-1.tmp`,
    /// and the same of its manifest.
    private static func isTemporary(_ candidate: String, of name: String) -> Bool {
        let plain = candidate.hasPrefix(".") ? candidate.dropFirst() : candidate[...]
        guard plain.hasPrefix(name + "."), plain.hasSuffix(".tmp") else { return false }
        var serial = plain.dropFirst(name.count + 1).dropLast(4)
        if serial.hasPrefix("manifest.json.") { serial = serial.dropFirst(14) }
        return !serial.isEmpty && serial.allSatisfy { $0.isWholeNumber || $0 == "-" }
    }

    private static func isAbandoned(_ path: String, now: Int) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return false }
        return now - status.st_mtim.tv_sec >= leastAgeSeconds
            && flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
}
