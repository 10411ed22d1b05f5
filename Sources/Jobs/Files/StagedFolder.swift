import Glibc

/// A folder that is filled beside its target and takes the target's place when it is complete.
///
/// Readers see the old content or the new one whole. A stage that is let go without `publish`
/// leaves nothing.
package final class StagedFolder {
    /// Where to write.
    package let path: String
    private let target: String
    private let descriptor: Int32
    private var isPublished = false

    /// Starts an empty folder beside `target`.
    package init(target: String) throws(JobError) {
        self.target = Path.withoutTrailingSlashes(target)
        path = Path.temporarySibling(of: target)
        AbandonedFiles.remove(beside: self.target)
        try FileSystem.remove(path)
        try FileSystem.makeFolder(path)
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        AbandonedFiles.lock(descriptor)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isPublished { try? FileSystem.remove(path) }
    }

    /// Puts the folder in the target's place and removes what stood there.
    package func publish() throws(JobError) {
        if FileSystem.kind(of: target) == .missing {
            try FileSystem.move(path, to: target)
        } else {
            try FileSystem.exchange(path, target)
            try FileSystem.remove(path)
        }
        isPublished = true
    }
}
