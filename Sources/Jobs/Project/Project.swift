import DefinitionFiles
import Definitions
public import Planning
public import Values

/// The definitions of a project folder, compiled.
public struct Project: Sendable {
    /// Where definitions are, inside the project folder.
    public static let definitionFolder = "feature-definitions"

    /// The project folder.
    public let folder: String
    /// What its definitions mean.
    public let plan: ProjectPlan
    /// The definition files.
    let texts: [SourceText]

    /// Reads and compiles the definitions of the project in `folder`.
    ///
    /// - Throws: `DefinitionError` with everything that is wrong with them; `JobError` when the
    ///   folder is no project.
    public init(folder: String) throws {
        let definitions = Path.join(folder, Self.definitionFolder)
        guard FileSystem.kind(of: definitions) == .folder else {
            throw JobError(
                .usage,
                "\(folder == "." ? "this folder" : folder) is no project: it has no "
                    + "\(Self.definitionFolder)/",
                hint: "go to the project folder, name it with --project, or make one with "
                    + "'roost init DIR'")
        }
        try self.init(folder: folder) { loader throws(Diagnostics) in
            try loader.reading(folder: definitions)
        }
    }

    /// Reads and compiles texts instead of the files of a folder.
    ///
    /// - Parameters:
    ///   - folder: the project folder, for the paths in the definitions.
    ///   - files: the definition files, in their order; at least one.
    /// - Throws: everything that is wrong with them.
    package init(
        folder: String, files: [(path: String, bytes: [UInt8])]
    ) throws(DefinitionError) {
        try self.init(folder: folder) { loader in loader.reading(files: files) }
    }

    /// Compiles what `load` reads.
    init(
        folder: String,
        _ load: (inout DefinitionLoader) throws(Diagnostics) -> ProjectReading
    ) throws(DefinitionError) {
        var loader = DefinitionLoader()
        do throws(Diagnostics) {
            var reading = try load(&loader)
            checkZones(of: reading.project, reporting: &reading.diagnostics)
            plan = try ProjectPlan.compile(reading, zones: .system)
        } catch {
            throw DefinitionError(diagnostics: error, texts: loader.files)
        }
        texts = loader.files
        self.folder = folder
    }

    /// The source `name`.
    ///
    /// - Throws: `usage` with the nearest name when there is none.
    public func source(named name: String) throws(JobError) -> SourcePlan {
        if let source = plan.source(named: name) { return source }
        throw unknown("source", name, among: plan.sources.map(\.name))
    }

    /// The service `name`.
    ///
    /// - Throws: `usage` with the nearest name when there is none.
    public func service(named name: String) throws(JobError) -> ServicePlan {
        if let service = plan.services.first(where: { $0.name == name }) { return service }
        throw unknown("service", name, among: plan.services.map(\.name))
    }
}

extension Project {
    /// The project's training pipelines, in file-name order.
    public func pipelinePaths() throws(JobError) -> [String] {
        try Self.pipelinePaths(folder: folder)
    }

    static func pipelinePaths(folder: String) throws(JobError) -> [String] {
        let pipelines = Path.join(folder, "pipelines")
        guard FileSystem.kind(of: pipelines) == .folder else { return [] }
        return try FileSystem.names(in: pipelines).filter(isPipeline)
            .map { Path.join(pipelines, $0) }
    }

    /// Reads and compiles the pipeline in the file at `path`.
    ///
    /// - Throws: `DefinitionError` with everything that is wrong with it.
    public func pipeline(at path: String) throws -> PipelinePlan {
        try pipeline { loader throws(Diagnostics) in try loader.pipeline(path: path) }
    }

    /// Reads and compiles a text as a pipeline; see `pipeline(at:)`.
    package func pipeline(path: String, bytes: [UInt8]) throws(DefinitionError) -> PipelinePlan {
        try pipeline { loader throws(Diagnostics) in
            try loader.pipeline(path: path, bytes: bytes)
        }
    }

    private func pipeline(
        _ load: (inout DefinitionLoader) throws(Diagnostics) -> PipelineDefinition
    ) throws(DefinitionError) -> PipelinePlan {
        var loader = DefinitionLoader()
        do throws(Diagnostics) {
            return try plan.compile(try load(&loader), zones: .system)
        } catch {
            throw DefinitionError(diagnostics: error, texts: loader.files)
        }
    }

    /// What `path` means as the spine of a data set of the service `service`: a pipeline if it is
    /// a YAML file, else Parquet.
    ///
    /// - Throws: `usage` for a pipeline of another service, and what reading it throws.
    public func spine(at path: String, for service: String) throws -> DatasetSpine {
        guard Self.isPipeline(path) else { return .path(path) }
        let isHere = FileSystem.kind(of: path) == .file
        let pipeline = try pipeline(at: isHere ? path : Path.join(folder, path))
        guard pipeline.service.name == service else {
            throw JobError(
                .usage,
                "\(path) is a pipeline of service '\(pipeline.service.name)', not of '\(service)'",
                hint: "ask for '\(pipeline.service.name)' or name another spine")
        }
        return .pipeline(pipeline.spine)
    }

    private static func isPipeline(_ path: String) -> Bool {
        path.hasSuffix(".yaml") || path.hasSuffix(".yml")
    }
}

/// Everything that is wrong with the definitions of a project, and their text to show it in.
public struct DefinitionError: Error, Sendable {
    /// What is wrong, each at its place.
    public let diagnostics: Diagnostics
    /// The files that were read.
    public let texts: [SourceText]
}

/// Zones are data of the system, which the pure compiler does not see.
private func checkZones(
    of project: ProjectDefinition, reporting diagnostics: inout Diagnostics
) {
    for source in project.sources {
        guard let zone = source.zone else { continue }
        do throws(JobError) {
            _ = try ZoneTable.named(zone.value)
        } catch {
            diagnostics.report(zone.diagnostic(error.message, hint: error.hint))
        }
    }
}

func unknown(_ kind: String, _ name: String, among known: [String]) -> JobError {
    let guess = nearestName(to: name, among: known).map { "did you mean '\($0)'?" }
    let all = known.map { "'\($0)'" }.joined(separator: ", ")
    return JobError(
        .usage, "there is no \(kind) '\(name)'",
        hint: guess ?? (known.isEmpty ? "no \(kind) is defined" : "known are \(all)"))
}
