extension FileColumn {
    /// The top-level columns of a schema tree given in depth-first order, root first.
    static func columns(of schema: [SchemaElement]) throws(ParquetError) -> [FileColumn] {
        guard let root = schema.first else { throw .corrupt("the file has no schema") }
        var columns: [FileColumn] = []
        var names: Set<String> = []
        var position = 1
        var leafIndex = 0
        for _ in 0..<min(root.childCount, schema.count) {
            let end = try endOfSubtree(at: position, in: schema)
            let subtree = schema[position..<end]
            let name = schema[position].name
            let content: Content =
                names.insert(name).inserted
                ? .init(subtree)
                : .unsupported(reason: "another column has the same name")
            columns.append(FileColumn(name: name, leafIndex: leafIndex, content: content))
            leafIndex += subtree.count { $0.childCount == 0 }
            position = end
        }
        guard position == schema.count else {
            throw .corrupt("the schema has \(schema.count) nodes where \(position) are described")
        }
        return columns
    }

    private static func endOfSubtree(
        at start: Int, in schema: [SchemaElement]
    ) throws(ParquetError) -> Int {
        var open = 1
        var position = start
        while open > 0 {
            guard position < schema.count, schema[position].childCount <= schema.count else {
                throw .corrupt("a group of the schema has more children than the schema has nodes")
            }
            open += schema[position].childCount - 1
            position += 1
        }
        return position
    }
}

extension FileColumn.Content {
    /// Classifies a column by its nodes in depth-first order.
    fileprivate init(_ nodes: ArraySlice<SchemaElement>) {
        switch Result(catching: { () throws(UnreadableReason) in try resolve(nodes) }) {
        case .success(let column): self = .readable(column)
        case .failure(let reason): self = .unsupported(reason: reason.text)
        }
    }
}

private func resolve(
    _ nodes: ArraySlice<SchemaElement>
) throws(UnreadableReason) -> ReadableColumn {
    let nodes = Array(nodes)
    let top = nodes[0]
    if nodes.count == 1, top.childCount == 0 {
        let leaf = try Leaf.resolve(top).get()
        // A repeated leaf without a group around it is a list that is never null.
        let shape: ReadableColumn.Shape =
            top.repetition == .repeated
            ? .list(ListLevels(list: 0, element: 1, value: 1))
            : .scalar(isOptional: top.repetition == .optional)
        return ReadableColumn(leaf: leaf, shape: shape)
    }
    guard top.logical == .list, top.repetition != .repeated, top.childCount == 1,
        nodes[1].repetition == .repeated
    else { throw UnreadableReason("groups other than lists of scalars are not read") }
    let outer: UInt8 = top.repetition == .optional ? 1 : 0
    // Two levels: the repeated node is the element. Three: it holds the element.
    let element = nodes[nodes.count - 1]
    let isTwoLevel = nodes.count == 2 && nodes[1].childCount == 0
    // By these names old writers meant that the repeated group is the element, a struct.
    let isStruct = nodes[1].name == "array" || nodes[1].name == "\(top.name)_tuple"
    let isThreeLevel =
        nodes.count == 3 && nodes[1].childCount == 1 && element.childCount == 0
        && element.repetition != .repeated && !isStruct
    guard isTwoLevel || isThreeLevel else {
        throw UnreadableReason("lists of anything but scalars are not read")
    }
    let isOptional = isThreeLevel && element.repetition == .optional
    let levels = ListLevels(list: outer, element: outer + 1, value: outer + (isOptional ? 2 : 1))
    return ReadableColumn(leaf: try Leaf.resolve(element).get(), shape: .list(levels))
}
