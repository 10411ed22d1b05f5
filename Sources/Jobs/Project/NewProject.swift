/// Writes a small project that works: definitions, rows and a spine to try them on.
public struct NewProject: Sendable {
    private let folder: String

    /// Prepares a project in `folder`, which must be missing or empty.
    public init(folder: String) {
        self.folder = folder
    }

    /// Writes the files.
    ///
    /// - Returns: their paths inside the folder.
    /// - Throws: `usage` when the folder holds something.
    public func write() throws(JobError) -> [String] {
        switch FileSystem.kind(of: folder) {
        case .missing: break
        case .file, .special:
            throw JobError(.usage, "\(folder) is a file", hint: "name a folder")
        case .folder:
            guard try FileSystem.names(in: folder).isEmpty else {
                throw JobError(.usage, "\(folder) is not empty", hint: "name another folder")
            }
        }
        guard FileSystem.kind(of: folder) == .missing else {
            try writeFiles(into: folder)
            return Self.files.map(\.path)
        }
        let stage = try StagedFolder(target: folder)
        try writeFiles(into: stage.path)
        try stage.publish()
        return Self.files.map(\.path)
    }

    private func writeFiles(into folder: String) throws(JobError) {
        for (path, text) in Self.files {
            let target = Path.join(folder, path)
            try FileSystem.makeFolder(Path.parent(of: target))
            try FileSystem.write(text, to: target)
        }
    }
}
