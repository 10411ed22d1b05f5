import DefinitionFiles
import Values

/// What a piece of Swift says, in the form that the reader of definition files takes.
public struct Node: Sendable {
    let content: YAMLNode

    init(_ content: YAMLNode) { self.content = content }

    var place: SourceLocation { content.start }

    /// A single value.
    init(_ text: String, at place: SourceLocation) {
        // In block style no character but the first has a place, which is right for Swift.
        self.init(
            YAMLNode(
                content: .scalar(text: text, style: .block), isFlow: false, start: place,
                end: place))
    }

    init(list nodes: [Node], at place: SourceLocation) {
        self.init(
            YAMLNode(
                content: .sequence(nodes.map(\.content)), isFlow: false, start: place,
                end: place))
    }
}

/// A map that is being put together.
struct MapNode {
    let place: SourceLocation
    private var entries: [YAMLEntry] = []

    init(_ place: SourceLocation) { self.place = place }

    var isEmpty: Bool { entries.isEmpty }

    /// Adds an entry with a name of the user's choice; if it is there twice, the compiler says so.
    mutating func add(_ key: String, _ value: Node, at place: SourceLocation? = nil) {
        let keyNode = Node(key, at: place ?? self.place).content
        entries.append(YAMLEntry(key: key, keyNode: keyNode, value: value.content))
    }

    /// Sets a property, of which the last word counts.
    mutating func set(_ key: String, _ value: Node) {
        entries.removeAll { $0.key == key }
        add(key, value)
    }

    mutating func add(_ key: String, _ text: String) { add(key, Node(text, at: place)) }

    mutating func add(_ key: String, list nodes: [Node]) {
        add(key, Node(list: nodes, at: place))
    }

    var node: Node {
        Node(
            YAMLNode(content: .mapping(entries), isFlow: false, start: place, end: place))
    }
}
