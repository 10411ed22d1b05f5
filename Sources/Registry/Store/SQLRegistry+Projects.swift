public import Planning
public import Values

extension SQLRegistry {
    /// What is applied; nil before the first apply.
    public func appliedProject() throws(RegistryError) -> AppliedProject? {
        try read { connection throws(RegistryError) in
            try AppliedProject.read(from: connection)
        }
    }

    /// The definition files of the latest apply, in their order.
    public func appliedFiles() throws(RegistryError) -> [AppliedFile] {
        try read { connection throws(RegistryError) in try readFiles(connection) }
    }

    /// The canonical text that a digest ever applied was taken of; nil when it never was.
    public func canonicalText(of digest: FeatureDigest) throws(RegistryError) -> String? {
        try read { connection throws(RegistryError) in
            try connection.first(
                "SELECT text FROM definitions WHERE digest = ?1", [.bytes(digest.bytes)]
            ) { row throws(RegistryError) in try row.text(0) }
        }
    }

    /// What `apply` would do; nothing is written.
    public func difference(
        to project: AppliedProject
    ) throws(RegistryError) -> ProjectDifference {
        try read { connection throws(RegistryError) in
            try registryDifference(to: project, connection)
        }
    }

    /// Makes `project` the applied state; see `RegistryStore`.
    public func apply(
        _ project: AppliedProject, files: [AppliedFile], allowingBreaking: Bool, at time: EventTime
    ) throws(RegistryError) -> ApplyOutcome {
        try write { connection throws(RegistryError) in
            let difference = try registryDifference(to: project, connection)
            if difference.isEmpty {
                // A comment or a path may differ although no definition does.
                try replaceFiles(files, connection)
                return .unchanged
            }
            guard difference.breakages.isEmpty || allowingBreaking else {
                return .refused(difference)
            }
            let number = Int(try connection.integer("SELECT max(number) FROM applies")) + 1
            try connection.run(
                "INSERT INTO applies VALUES (?1, ?2, ?3, ?4)",
                [
                    .count(number), .integer(time.microseconds), .text(difference.summary),
                    .flag(!difference.breakages.isEmpty),
                ])
            try project.replace(in: connection, apply: number)
            try replaceFiles(files, connection)
            return .applied(number: number, difference)
        }
    }

    /// All applies that changed something, oldest first.
    public func applyHistory() throws(RegistryError) -> [ApplyRecord] {
        try read { connection throws(RegistryError) in
            try connection.rows("SELECT * FROM applies ORDER BY number") {
                row throws(RegistryError) in
                ApplyRecord(
                    number: row.count(0), appliedAt: row.time(1), summary: try row.text(2),
                    isBreaking: row.integer(3) != 0)
            }
        }
    }
}

private func registryDifference(
    to project: AppliedProject, _ connection: any SQLConnection
) throws(RegistryError) -> ProjectDifference {
    let applied = try AppliedProject.read(from: connection)
    if let applied, applied.name != project.name {
        throw RegistryError(
            .foreign,
            "\(connection.place) belongs to the project '\(applied.name)', not to "
                + "'\(project.name)'",
            hint: "name another registry at 'registry:' in roost.yaml")
    }
    let models = try ModelRecord.read(from: connection).map {
        PinnedModel(name: $0.name, digests: $0.digests)
    }
    return ProjectDifference(from: applied, to: project, models: models)
}

private func readFiles(
    _ connection: any SQLConnection
) throws(RegistryError) -> [AppliedFile] {
    try connection.rows("SELECT path, text FROM files ORDER BY position") {
        row throws(RegistryError) in
        AppliedFile(path: try row.text(0), text: try row.text(1))
    }
}

private func replaceFiles(
    _ files: [AppliedFile], _ connection: any SQLConnection
) throws(RegistryError) {
    if try readFiles(connection) == files { return }
    try connection.run("DELETE FROM files")
    for (position, file) in files.enumerated() {
        try connection.run(
            "INSERT INTO files VALUES (?1, ?2, ?3)",
            [.count(position), .text(file.path), .text(file.text)])
    }
}

extension ProjectDifference {
    /// The changes in a few words: `2 features added, 1 service changed`.
    public var summary: String {
        var counts: [(text: String, count: Int)] = []
        for change in changes {
            let text = "\(change.subject.rawValue) \(change.kind.rawValue)"
            if let index = counts.firstIndex(where: { $0.text == text }) {
                counts[index].count += 1
            } else {
                counts.append((text, 1))
            }
        }
        return counts.map { text, count in
            let words = text.split(separator: " ")
            return "\(count) \(plural(String(words[0]), count)) \(words[1])"
        }.joined(separator: ", ")
    }

    private func plural(_ word: String, _ count: Int) -> String {
        if count == 1 { return word }
        return word.hasSuffix("y") ? word.dropLast() + "ies" : word + "s"
    }
}
