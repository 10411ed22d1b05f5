import Jobs
import Values

/// The model packages of a project: the folder `models/`.
public struct ModelStore: Sendable {
    /// The folder's path.
    public let path: String

    /// The models of the project in `folder`.
    public init(folder: String) {
        path = Path.join(folder, "models")
    }

    /// The digests of all packages, in ascending order.
    public func digests() throws -> [String] {
        guard FileSystem.kind(of: path) == .folder else { return [] }
        return try FileSystem.names(in: path).filter { name in
            name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
        }
    }

    /// Reads a package and checks every digest.
    ///
    /// - Parameter name: a digest, the beginning of one, or a pipeline, which means the model
    ///   that was trained last by it.
    /// - Throws: `usage` for a name that means none or several; `corrupt` for a damaged package.
    /// - Returns: the package.
    public func package(named name: String) throws -> ModelPackage {
        try ModelPackage(path: Path.join(path, digest(named: name)))
    }

    /// Where a package is.
    public func path(of package: ModelPackage) -> String { Path.join(path, package.digest) }

    private func digest(named name: String) throws -> String {
        if let latest = try latest(of: name) { return latest }
        let matches = try digests().filter { !name.isEmpty && $0.hasPrefix(name) }
        if let match = matches.first, matches.count == 1 { return match }
        throw TrainerError(
            .usage,
            matches.isEmpty ? "there is no model '\(name)'" : "'\(name)' begins several models",
            hint: "'roost models' lists them")
    }

    /// The pipelines that trained a model, in order of their names.
    public func pipelines() throws -> [String] {
        guard FileSystem.kind(of: path) == .folder else { return [] }
        return try FileSystem.names(in: path).filter { $0.hasSuffix(Self.latestSuffix) }
            .map { String($0.dropLast(Self.latestSuffix.count)) }
    }

    /// The model that `pipeline` trained last, or nil.
    public func latest(of pipeline: String) throws -> String? {
        guard !pipeline.contains("/"), !pipeline.isEmpty else { return nil }
        let file = latestPath(of: pipeline)
        guard FileSystem.kind(of: file) == .file else { return nil }
        return String(try FileSystem.text(of: file).prefix { $0.isHexDigit })
    }

    private func latestPath(of pipeline: String) -> String {
        Path.join(path, pipeline + Self.latestSuffix)
    }

    private static let latestSuffix = ".latest"

    /// Writes a package, all of it or nothing, and notes it as its pipeline's last.
    func write(_ document: JSONValue, model: [UInt8], pipeline: String) throws -> String {
        let text = Array(document.document.utf8)
        let digest = hexadecimal(SHA256.hash(text))
        try FileSystem.makeFolder(path)
        let stage = try StagedFolder(target: Path.join(path, digest))
        try FileSystem.write(text, to: Path.join(stage.path, ModelPackage.documentName))
        try FileSystem.write(model, to: Path.join(stage.path, ModelPackage.modelName))
        try stage.publish()
        try FileSystem.write(digest + "\n", to: latestPath(of: pipeline))
        return digest
    }
}
