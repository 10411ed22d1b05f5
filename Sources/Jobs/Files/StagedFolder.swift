/// A folder that is filled beside its target and takes the target's place when it is complete.
///
/// Readers see the old content or the new one whole. A stage that is let go without `publish`
/// leaves nothing.
package final class StagedFolder {
    /// Where to write.
    package let path: String
    private let target: String
    private var isPublished = false

    /// Starts an empty folder beside `target`.
    package init(target: String) throws(JobError) {
        self.target = Path.withoutTrailingSlashes(target)
        path = Path.temporarySibling(of: target)
        try FileSystem.remove(path)
        try FileSystem.makeFolder(path)
    }

    deinit {
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
