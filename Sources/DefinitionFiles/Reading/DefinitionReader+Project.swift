import Definitions
import Values

/// What one file contributes to a project.
struct ProjectPart {
    var name: Name?
    var entities: [EntityDefinition] = []
    var sources: [SourceDefinition] = []
    var views: [ViewDefinition] = []
    var services: [ServiceDefinition] = []
    var gaps = DefinitionGaps()
    /// Whether it names the project, but in a way that could not be read.
    var hasUnreadableName = false
}

extension DefinitionReader {
    mutating func project(_ root: YAMLNode) -> ProjectPart {
        var part = ProjectPart()
        guard let map = map(root, .definitionFile) else {
            part.hasUnreadableName = true
            for kind in DefinitionGaps.Kind.allCases { part.gaps.add(kind, named: nil) }
            return part
        }
        part.name = value("project", in: map).flatMap {
            identifier($0, "the name of a project")
        }
        let isThere = map.entry("project") != nil || map.mayLack("project")
        part.hasUnreadableName = part.name == nil && isThere
        part.entities = items("entities", .entity, in: map, &part.gaps) { $0.entity($1) }
        part.sources = items("sources", .source, in: map, &part.gaps) { $0.source($1) }
        part.views = items("views", .view, in: map, &part.gaps) { $0.view($1) }
        part.services = items("services", .service, in: map, &part.gaps) { $0.service($1) }
        for (key, kind) in [
            ("entities", DefinitionGaps.Kind.entity), ("sources", .source), ("views", .view),
            ("services", .service),
        ] where map.mayLack(key) {
            part.gaps.add(kind, named: nil)
        }
        return part
    }

    private mutating func items<Definition>(
        _ key: String, _ kind: DefinitionGaps.Kind, in map: MapReader,
        _ gaps: inout DefinitionGaps,
        _ read: (inout DefinitionReader, YAMLNode) -> Definition?
    ) -> [Definition] {
        guard map.entry(key) != nil else { return [] }
        guard let node = value(key, in: map), let items = list(node, "`\(key)`") else {
            gaps.add(kind, named: nil)
            return []
        }
        return items.compactMap { item in
            let before = diagnostics.all.count
            let definition = read(&self, item)
            if diagnostics.all.count > before { gaps.add(kind, named: item.definedName) }
            return definition
        }
    }

    /// The name that every definition has.
    private mutating func name(of map: MapReader) -> Name? {
        value("name", in: map).flatMap { identifier($0, "the name of \(map.shape.what)") }
    }

    mutating func annotations(_ map: MapReader) -> Annotations {
        var annotations = Annotations()
        annotations.summary = value("description", in: map)
            .flatMap { text($0, "a description")?.text }
        annotations.owner = value("owner", in: map).flatMap { text($0, "an owner")?.text }
        if let node = value("tags", in: map), let items = list(node, "`tags`") {
            annotations.tags = items.compactMap { text($0, "a tag")?.text }
        }
        return annotations
    }

    private mutating func entity(_ node: YAMLNode) -> EntityDefinition? {
        guard let map = map(node, .entity) else { return nil }
        let name = name(of: map)
        let before = diagnostics.all.count
        let columns = value("keys", in: map).map { self.columns($0, "the keys of an entity") }
        let knowsKeys = diagnostics.all.count == before
        let annotations = annotations(map)
        guard let name, let columns, knowsKeys else { return nil }
        return EntityDefinition(name: name, keys: columns, annotations: annotations)
    }

    private mutating func service(_ node: YAMLNode) -> ServiceDefinition? {
        guard let map = map(node, .service) else { return nil }
        let name = name(of: map)
        let request = value("request", in: map).map { columns($0, "request data") } ?? []
        let items = value("features", in: map).flatMap { serviceItems($0) }
        let derived = value("derived", in: map).map {
            expressions($0, "derived features", naming: "the name of a derived feature")
        }
        let annotations = annotations(map)
        guard let name, let items else { return nil }
        return ServiceDefinition(
            name: name, request: request, items: items, derived: derived ?? [],
            annotations: annotations)
    }

    private mutating func serviceItems(_ node: YAMLNode) -> [ServiceItem]? {
        guard let nodes = list(node, "the features of a service") else { return nil }
        if node.isFlow, nodes.contains(where: { !$0.isPlainServiceItem }) {
            refuseFlow(node, "service features in brackets can be plain `view.feature` only")
            return []
        }
        return nodes.compactMap {
            parsed($0, "a service feature") { text throws(Diagnostic) in
                try ServiceItem(parsing: text)
            }
        }
    }

    /// A block map name -> expression.
    mutating func expressions(
        _ node: YAMLNode, _ what: String, naming name: String
    ) -> [NamedExpression] {
        guard let entries = entries(node, what) else { return [] }
        if node.isFlow {
            refuseFlow(node, "\(what) cannot stand in braces")
            return []
        }
        return entries.compactMap { entry in
            guard let name = identifier(entry.keyNode, name),
                let expression = expression(entry.value, "`\(entry.key)`")
            else { return nil }
            return NamedExpression(name: name, expression: expression)
        }
    }

    mutating func expression(_ node: YAMLNode, _ what: String) -> ExpressionText? {
        parsed(node, what) { text throws(Diagnostic) in try ExpressionText(parsing: text) }
    }
}

extension YAMLNode {
    /// The readable name of the definition that the node is.
    fileprivate var definedName: String? {
        guard case .mapping(let entries) = content,
            let name = entries.first(where: { $0.key == "name" }),
            case .scalar(let text, _) = name.value.content, text.isIdentifier
        else { return nil }
        return text
    }

    fileprivate var isPlainServiceItem: Bool {
        guard case .scalar(let text, _) = content else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            String($0).isIdentifier || $0 == "*"
        }
    }
}
