/// The Parquet files that a path of a project stands for.
struct ParquetPath {
    /// One file and the values that its folders' names carry, such as `ds=2013-01-31`.
    struct Entry: Hashable, Sendable {
        let path: String
        let folderValues: [String: String]
    }

    let entries: [Entry]

    /// Finds `path`: a file, or a folder that is read recursively in the order of the names.
    ///
    /// Names beginning with `_` or `.` are skipped, and in folders all but `*.parquet`. An empty
    /// folder has no rows.
    ///
    /// - Throws: `usage` when nothing stands at `path`.
    init(_ path: String, describedAs subject: String) throws(JobError) {
        switch FileSystem.kind(of: path) {
        case .file, .special:
            entries = [Entry(path: path, folderValues: [:])]
        case .folder:
            var entries: [Entry] = []
            try Self.collect(path, folderValues: [:], above: [], into: &entries)
            self.entries = entries
        case .missing:
            throw JobError(
                .usage, "\(subject): nothing stands at \(path)",
                hint: "check the path (relative to the project folder) or import the rows first")
        }
    }

    /// Collects the files below `folder`; `above` are the identities of the folders it lies in.
    private static func collect(
        _ folder: String, folderValues: [String: String], above: [[UInt64]],
        into entries: inout [Entry]
    ) throws(JobError) {
        let identity = FileSystem.identity(of: folder) ?? []
        guard !above.contains(identity) else {
            throw JobError(
                .usage, "\(folder) leads back to a folder that it lies in",
                hint: "remove the symbolic link: its rows would be read again and again")
        }
        for name in try FileSystem.names(in: folder) {
            if name.hasPrefix("_") || name.hasPrefix(".") { continue }
            let path = Path.join(folder, name)
            if FileSystem.kind(of: path) == .folder {
                var values = folderValues
                let parts = name.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
                try collect(
                    path, folderValues: values, above: above + [identity], into: &entries)
            } else if name.hasSuffix(".parquet") {
                entries.append(Entry(path: path, folderValues: folderValues))
            }
        }
    }
}
