import Glibc

/// A folder or file of this machine that a store is kept in, as people who look after it see it.
public struct StorePlace {
    /// The path.
    public let path: String
    /// Less than this is a warning.
    private static let leastFreeBytes: UInt64 = 1 << 30
    private static let networkKinds: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "9p", "lustre", "fuse.sshfs",
        "fuse.glusterfs",
    ]

    /// The file or folder at `path`, which must exist.
    public init(path: String) {
        self.path = path
    }

    /// What there is to say of rights and room.
    ///
    /// - Parameter needsLocalDisk: whether the store maps or locks its files.
    /// - Returns: what is wrong, then how much room there is.
    public func findings(needsLocalDisk: Bool) -> [StoreFinding] {
        var findings: [StoreFinding] = []
        if unsafe access(path, R_OK | W_OK) != 0 {
            findings.append(
                StoreFinding(
                    .fail, "\(path) may not be written by this user",
                    remedy: "give it the right, or run as the user whose files they are"))
        }
        if needsLocalDisk, let kind = fileSystemKind, Self.networkKinds.contains(kind) {
            findings.append(
                StoreFinding(
                    .fail, "\(path) is on a network's file system (\(kind))",
                    remedy: "move it to a local disk: its locks hold on one machine only"))
        }
        var system = statvfs()
        guard unsafe statvfs(path, &system) == 0 else { return findings }
        let free = UInt64(system.f_bavail) * UInt64(system.f_frsize)
        let share = system.f_blocks == 0 ? 100 : 100 * system.f_bavail / system.f_blocks
        let room = "\(free >> 20) MiB (\(share) %) of its disk are free"
        if free < Self.leastFreeBytes {
            findings.append(
                StoreFinding(
                    .warn, room, remedy: "make room: a full disk stops whoever writes"))
        } else {
            findings.append(StoreFinding(.ok, room))
        }
        return findings
    }

    /// The kind of file system that holds the path: that of the longest mount point before it.
    private var fileSystemKind: String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        let path = unsafe String(cString: resolved)
        guard let mounts = unsafe fopen("/proc/self/mounts", "r") else { return nil }
        defer { unsafe fclose(mounts) }
        var best: (folder: String, kind: String)?
        var line = [CChar](repeating: 0, count: 4096)
        while unsafe fgets(&line, Int32(line.count), mounts) != nil {
            let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            let fields = text.split(separator: " ")
            guard fields.count > 2 else { continue }
            let folder = String(fields[1])
            let isAbove = folder == "/" || path == folder || path.hasPrefix(folder + "/")
            if isAbove, folder.utf8.count >= best?.folder.utf8.count ?? 0 {
                best = (folder, String(fields[2]))
            }
        }
        return best?.kind
    }
}
