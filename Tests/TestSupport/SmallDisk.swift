import Foundation
import Glibc

/// A disk of its own in memory, small enough to be filled: what a test writes below `path` meets a
/// real "No space left on device".
public final class SmallDisk: Sendable {
    /// Where it is mounted.
    public let path: String
    private let folder: TemporaryFolder

    /// Mounts an empty disk of `bytes`, rounded up to pages.
    ///
    /// - Throws: `JudgeProcess.Failure` where mounting is not allowed.
    public init(bytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path
        do {
            let options = ["-t", "tmpfs", "-o", "size=\(bytes)", "tmpfs", path]
            _ = try JudgeProcess.run("/bin/mount", options)
        } catch {
            throw JudgeProcess.Failure(
                description: "cannot mount a small disk, which tests of full disks need; run them "
                    + "as root, in a container with the right SYS_ADMIN: \(error)")
        }
    }

    deinit {
        // Detached also while a process that failed to stop still has a file open there.
        _ = try? JudgeProcess.run("/bin/umount", ["--lazy", path])
    }

    /// The path of `name` on the disk.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// How many bytes can still be written.
    public var freeBytes: Int {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return 0 }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Fills the disk so that at most `bytes`, rounded up to pages, can be written.
    public func leaveFree(_ bytes: Int) throws {
        try makeRoom()
        let ballast = freeBytes - bytes
        guard ballast > 0 else { return }
        let descriptor = unsafe open(ballastPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let code = posix_fallocate(descriptor, 0, ballast)
        guard descriptor >= 0, code == 0 else {
            throw JudgeProcess.Failure(description: "cannot fill \(path): error \(code)")
        }
    }

    /// Removes what `leaveFree` filled the disk with.
    public func makeRoom() throws {
        if FileManager.default.fileExists(atPath: ballastPath) {
            try FileManager.default.removeItem(atPath: ballastPath)
        }
    }

    private var ballastPath: String { file("ballast") }
}
