import DefinitionFiles
import Definitions
public import Planning
import Values

extension Project {
    /// Reads and compiles the project in `folder` with all its pipelines.
    ///
    /// - Returns: the project, and the pipelines in file-name order.
    /// - Throws: `DefinitionError` with everything that is wrong with any of them; where the
    ///   project is wrong, pipelines are only read. `JobError` when the folder is no project.
    public static func checked(
        folder: String
    ) throws -> (project: Project, pipelines: [PipelinePlan]) {
        let project: Project
        do {
            project = try Project(folder: folder)
        } catch let error as DefinitionError {
            throw error.adding(try unreadablePipelines(folder: folder))
        }
        return (project, try project.pipelines())
    }

    /// Compiles all pipelines.
    private func pipelines() throws -> [PipelinePlan] {
        var pipelines: [PipelinePlan] = []
        var errors: [DefinitionError] = []
        for path in try pipelinePaths() {
            do {
                pipelines.append(try pipeline(at: path))
            } catch let error as DefinitionError {
                errors.append(error)
            }
        }
        guard let first = errors.first else { return pipelines }
        throw first.adding(errors.dropFirst())
    }

    private static func unreadablePipelines(folder: String) throws -> [DefinitionError] {
        try pipelinePaths(folder: folder).compactMap { path in
            var loader = DefinitionLoader()
            do throws(Diagnostics) {
                _ = try loader.pipeline(path: path)
                return nil
            } catch {
                return DefinitionError(diagnostics: error, texts: loader.files)
            }
        }
    }
}

extension DefinitionError {
    /// The same with what others found wrong.
    fileprivate func adding(_ others: some Sequence<DefinitionError>) -> DefinitionError {
        others.reduce(self) { all, other in
            DefinitionError(
                diagnostics: Diagnostics(all.diagnostics.all + other.diagnostics.all),
                texts: all.texts + other.texts)
        }
    }
}
