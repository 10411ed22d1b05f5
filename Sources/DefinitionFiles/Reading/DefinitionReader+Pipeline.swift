import Definitions
import Values

extension DefinitionReader {
    mutating func pipeline(_ root: YAMLNode) -> PipelineDefinition? {
        guard let map = map(root, .pipeline) else { return nil }
        let name = value("name", in: map).flatMap { identifier($0, "the name of a pipeline") }
        let service = value("service", in: map).flatMap { identifier($0, "a service") }
        let spine = value("spine", in: map).flatMap { self.spine($0) }
        let training = training(map)
        let annotations = annotations(map)
        guard let name, let service, let spine else { return nil }
        return PipelineDefinition(
            name: name, service: service, spine: spine, training: training,
            annotations: annotations)
    }

    private mutating func spine(_ node: YAMLNode) -> SpineDefinition? {
        guard let map = map(node, .spine) else { return nil }
        let source = value("source", in: map).flatMap { identifier($0, "a source") }
        let time = value("time", in: map).flatMap { word($0, "`time`") }
        let filter = value("where", in: map).flatMap { expression($0, "`where`") }
        var columns: [Name] = []
        if let node = value("columns", in: map), let items = list(node, "`columns`") {
            columns = items.compactMap { word($0, "a column of the spine") }
        }
        guard let source, let time else { return nil }
        return SpineDefinition(source: source, time: time, filter: filter, columns: columns)
    }
}
