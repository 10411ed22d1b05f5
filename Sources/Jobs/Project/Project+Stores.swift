public import DefinitionFiles
import Definitions
import Glibc
public import Planning
public import Registry
public import Stores
import Values

extension Project {
    /// Where the stores of the project in `folder` are.
    ///
    /// - Parameters:
    ///   - name: the profile; nil = `embedded`.
    ///   - folder: the project folder, to which paths are relative.
    /// - Returns: the profile of `roost.yaml`, or the embedded one when there is no such file.
    /// - Throws: `DefinitionError` with everything that is wrong with the file.
    public static func profile(named name: String?, folder: String) throws -> Profile {
        let path = Path.join(folder, Profile.fileName)
        let name = name ?? Profile.defaultName
        var profile = Profile.embedded
        if FileSystem.kind(of: path) == .file {
            var loader = DefinitionLoader()
            do throws(Diagnostics) {
                profile = try loader.profile(
                    named: name, path: path, environment: environmentVariable)
            } catch {
                throw DefinitionError(diagnostics: error, texts: loader.files)
            }
        } else if name != Profile.defaultName {
            throw JobError(
                .usage, "there is no profile '\(name)': \(path) does not exist",
                hint: "write its stores there, or leave out --profile")
        }
        return profile.mappingPaths { Path.join(folder, $0) }
    }

    /// What the definitions mean, as a registry keeps it.
    public var applied: AppliedProject { AppliedProject(plan) }

    /// The definition files, as a registry keeps them.
    public var appliedFiles: [AppliedFile] {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        return texts.map { text in
            let lines = (1...text.lineCount).map { text.line($0) ?? "" }
            let path =
                text.path.hasPrefix(prefix)
                ? String(text.path.dropFirst(prefix.count)) : text.path
            return AppliedFile(path: path, text: lines.joined(separator: "\n"))
        }
    }

    /// Compiles what was applied last, whatever stands in the folder meanwhile.
    ///
    /// - Parameters:
    ///   - folder: the project folder, for the paths in the definitions.
    ///   - registry: where it was applied; nil = there is none yet.
    /// - Throws: `JobError` when nothing was applied; what reading the registry throws.
    public init(folder: String, appliedIn registry: (any RegistryStore)?) throws {
        let files = try registry?.appliedFiles() ?? []
        guard !files.isEmpty else {
            throw JobError(
                .usage, "nothing is applied yet, and this command works from what is applied",
                hint: "run 'roost apply' in the project folder")
        }
        try self.init(folder: folder, files: files.map { ($0.path, Array($0.text.utf8)) })
    }

    /// What the definition files say other than this project, which is the applied one, in a few
    /// words; nil when they mean the same.
    public func divergenceOfFiles(
        from registry: any RegistryStore
    ) throws(RegistryError) -> String? {
        let written: Project
        do {
            written = try Project(folder: folder)
        } catch let error as DefinitionError {
            let count = error.diagnostics.sorted.count
            return count == 1 ? "they have an error" : "they have \(count) errors"
        } catch {
            return "they cannot be read"
        }
        if written.plan == plan { return nil }
        guard written.plan.name == plan.name else { return "they are of '\(written.plan.name)'" }
        let difference = try registry.difference(to: written.applied)
        return difference.isEmpty ? "where rows are stored" : difference.summary
    }
}

extension Profile {
    /// Opens the registry, making an empty one if there is none.
    public func openRegistry() throws(RegistryError) -> any RegistryStore {
        switch registry {
        case .sqlite(let path): try SQLRegistry(file: path)
        case .postgres(let address): try SQLRegistry(server: address)
        }
    }

    /// Opens the registry; nil when there is none, and none is made.
    public func openExistingRegistry() throws(RegistryError) -> (any RegistryStore)? {
        switch registry {
        case .sqlite(let path):
            SQLRegistry.exists(file: path) ? try SQLRegistry(file: path) : nil
        case .postgres(let address):
            try SQLRegistry.exists(server: address) ? SQLRegistry(server: address) : nil
        }
    }
}

extension Profile {
    /// Opens the online store, making an empty one if there is none.
    ///
    /// - Parameter project: whose features it shall have; nil for a caller that does not mind.
    /// - Throws: `StoreError` when it cannot be used.
    /// - Returns: the store.
    public func openOnlineStore(project: String? = nil) throws -> any OnlineStore {
        switch online {
        case .lmdb(let path, let size):
            try FileSystem.makeFolder(Path.parent(of: path))
            return try LMDBOnlineStore(
                path: path, greatestSize: size ?? LMDBOnlineStore.defaultGreatestSize)
        case .redis(let address): return try RedisOnlineStore(parsing: address, project: project)
        }
    }

    /// Opens the online store.
    ///
    /// - Parameter project: whose features it shall have; nil for a caller that does not mind.
    /// - Throws: `missing` when there is none.
    /// - Returns: the store.
    public func openExistingOnlineStore(
        project: String? = nil
    ) throws(StoreError) -> any OnlineStore {
        switch online {
        case .lmdb(let path, let size):
            try LMDBOnlineStore(existing: path, greatestSize: size ?? 0)
        case .redis(let address): try RedisOnlineStore(parsing: address, project: project)
        }
    }

    /// Where a job of the project in `folder` may put what does not fit into memory: beside the
    /// states if those are on this machine.
    public func spillFolder(projectFolder folder: String) throws -> String {
        if case .lmdb(let path, _) = online { return path }
        let path = Path.join(folder, ".roost/spill")
        try FileSystem.makeFolder(path)
        return path
    }
}

extension Profile {
    /// Opens all stores that views of `project` are materialized into, making those that are not
    /// there.
    public func openStores(project: String) throws -> MaterializeStores {
        MaterializeStores(
            online: try openOnlineStore(project: project), offline: try openOfflineStore(),
            registry: try openRegistry())
    }
}

extension Project {
    /// The views called `names`, or all that have batch rows when there are no names.
    ///
    /// - Throws: `usage` with the nearest name when there is none.
    public func views(named names: [String]) throws(JobError) -> [ViewPlan] {
        if names.isEmpty { return plan.views.filter { $0.source.batch != nil } }
        var views: [ViewPlan] = []
        for name in names {
            guard let view = plan.view(named: name) else {
                throw unknown("view", name, among: plan.views.map(\.name))
            }
            if !views.contains(view) { views.append(view) }
        }
        return views
    }
}

extension Project {
    /// The views called `names`, or all that a stream refreshes when there are no names.
    ///
    /// - Throws: `usage` when there is none.
    public func streamedViews(named names: [String]) throws(JobError) -> [ViewPlan] {
        if !names.isEmpty { return try views(named: names) }
        let streamed = plan.views.filter { view in
            if case .stream = view.refresh { view.source.stream != nil } else { false }
        }
        guard !streamed.isEmpty else {
            throw JobError(
                .usage, "no view is refreshed by a stream from a topic",
                hint: "write `refresh: stream` in a view and `stream: kafka:` in its source")
        }
        return streamed
    }
}

private func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}
