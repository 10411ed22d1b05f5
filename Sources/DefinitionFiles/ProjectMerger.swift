import Definitions
import Values

/// Puts the parts of several files together: lists concatenate, the project has one name.
struct ProjectMerger {
    private var whole = ProjectPart()
    private var diagnostics = Diagnostics()

    mutating func report(_ found: [Diagnostic]) {
        for diagnostic in found { diagnostics.report(diagnostic) }
    }

    mutating func merge(_ part: ProjectPart) {
        whole.entities += part.entities
        whole.sources += part.sources
        whole.views += part.views
        whole.services += part.services
        guard let name = part.name else { return }
        if let first = whole.name {
            diagnostics.report(
                name.diagnostic(
                    "the project is named twice; it is already `\(first.value)` at "
                        + "\(first.location)",
                    hint: "keep one of the two `project:` lines"))
        } else {
            whole.name = name
        }
    }

    mutating func finish(firstFile: String) throws(Diagnostics) -> ProjectDefinition {
        if whole.name == nil, diagnostics.isEmpty {
            diagnostics.report(
                Diagnostic(
                    "the project has no name",
                    at: SourceLocation(file: firstFile, line: 1, column: 1),
                    hint: "add `project: my_project` to one file"))
        }
        guard let name = whole.name, diagnostics.isEmpty else { throw diagnostics }
        return ProjectDefinition(
            name: name, entities: whole.entities, sources: whole.sources, views: whole.views,
            services: whole.services)
    }
}
