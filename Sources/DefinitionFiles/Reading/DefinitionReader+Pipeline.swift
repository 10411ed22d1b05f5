import Definitions
import Values

extension DefinitionReader {
    mutating func pipeline(_ root: YAMLNode) -> PipelineDefinition? {
        let keys =
            ["name", "service", "spine"] + Self.trainingKeys + Self.annotationKeys
        guard let map = map(root, "a pipeline", keys: keys) else { return nil }
        let name = required("name", in: map).flatMap { identifier($0, "the name of a pipeline") }
        let service = required("service", in: map).flatMap { identifier($0, "a service") }
        let spine = required("spine", in: map).flatMap { self.spine($0) }
        let training = training(map)
        let annotations = annotations(map)
        guard let name, let service, let spine else { return nil }
        return PipelineDefinition(
            name: name, service: service, spine: spine, training: training,
            annotations: annotations)
    }

    private mutating func spine(_ node: YAMLNode) -> SpineDefinition? {
        let keys = ["source", "time", "where", "columns"]
        guard let map = map(node, "a spine", keys: keys) else { return nil }
        let source = required("source", in: map).flatMap { identifier($0, "a source") }
        let time = required(
            "time", in: map, hint: "add `time:` with the column that says when it is asked"
        ).flatMap { word($0, "`time`") }
        let filter = optional("where", in: map).flatMap { expression($0, "`where`") }
        var columns: [Name] = []
        if let node = optional("columns", in: map), let items = list(node, "`columns`") {
            columns = items.compactMap { word($0, "a column of the spine") }
        }
        guard let source, let time else { return nil }
        return SpineDefinition(source: source, time: time, filter: filter, columns: columns)
    }
}
