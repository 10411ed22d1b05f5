import Values

/// A place in a Swift file, for messages.
public struct Place: Sendable {
    let location: SourceLocation

    init(_ file: String, _ line: Int, _ column: Int) {
        location = SourceLocation(file: file, line: line, column: column)
    }

    func node(_ text: String) -> Node { Node(text, at: location) }

    func node(list texts: [String]) -> Node {
        Node(list: texts.map { node($0) }, at: location)
    }

    func node(map entries: KeyValuePairs<String, String>) -> Node {
        var map = MapNode(location)
        for (key, value) in entries { map.add(key, value) }
        return map.node
    }
}
