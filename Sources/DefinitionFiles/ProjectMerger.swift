import Definitions
import Values

/// Puts the parts of several files together: lists concatenate, the project has one name.
struct ProjectMerger {
    private var whole = ProjectPart()
    private var diagnostics = Diagnostics()

    mutating func report(_ found: [Diagnostic]) {
        for diagnostic in found { diagnostics.report(diagnostic) }
    }

    /// Notes a file that could not be read at all.
    mutating func mergeUnreadable() {
        for kind in DefinitionGaps.Kind.allCases { whole.gaps.add(kind, named: nil) }
        whole.hasUnreadableName = true
    }

    mutating func merge(_ part: ProjectPart) {
        whole.entities += part.entities
        whole.sources += part.sources
        whole.views += part.views
        whole.services += part.services
        whole.gaps.merge(part.gaps)
        whole.hasUnreadableName = whole.hasUnreadableName || part.hasUnreadableName
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

    mutating func finish(firstFile: String) -> ProjectReading {
        let start = SourceLocation(file: firstFile, line: 1, column: 1)
        if whole.name == nil, !whole.hasUnreadableName {
            diagnostics.report(
                Diagnostic(
                    "the project has no name", at: start,
                    hint: "add `project: my_project` to one file"))
        }
        let project = ProjectDefinition(
            name: whole.name ?? Name("", at: start), entities: whole.entities,
            sources: whole.sources, views: whole.views, services: whole.services)
        return ProjectReading(project, diagnostics: diagnostics, gaps: whole.gaps)
    }
}
