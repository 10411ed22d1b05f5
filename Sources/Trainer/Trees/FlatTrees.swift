import Columns

/// One node of a flat tree, 16 bytes.
///
/// The children of a split stand side by side. A leaf is a split that leads to itself whatever the
/// value is: no number is below its threshold, NaN, and its right child is itself. So a walk may
/// go on after it has arrived, and several walks can go in step.
struct FlatNode: BitwiseCopyable, Sendable {
    var threshold: Float
    /// The column; the highest bit says that missing values go left.
    var feature: UInt32
    /// The left child; the right one follows it.
    var left: UInt32
    /// The value of a leaf.
    var value: Float

    static let missingGoesLeft: UInt32 = 1 << 31
}

/// The trees of a model laid out for predicting one row at a time, without the library.
///
/// Predictions are the library's, bit for bit: the same comparisons in single precision, leaves
/// added in the order of the trees, the same functions of the system's mathematical library.
package struct FlatTrees: Sendable {
    let nodes: FixedValues<FlatNode>
    let roots: FixedValues<UInt32>
    /// For each group of `walkCount` trees, how many steps lead to the deepest leaf.
    let steps: FixedValues<UInt32>
    let base: Float
    let objective: TreeObjective
    /// How many columns a row has.
    package let columnCount: Int
    /// How many trees there are.
    package var treeCount: Int { roots.count }

    /// Reads a model in XGBoost's binary form.
    ///
    /// - Throws: `corrupt` for a damaged file; `unsupported`, naming what it is, for a model that
    ///   only the library can evaluate.
    package init(model bytes: [UInt8]) throws(TrainerError) {
        try self.init(TreeModel(bytes))
    }

    /// Lays out a model that was read.
    init(_ model: TreeModel) throws(TrainerError) {
        guard model.featureCount > 0 else {
            throw TrainerError(.corrupt, "the model has no column")
        }
        var layout = FlatLayout(columnCount: model.featureCount)
        for tree in model.trees { try layout.add(tree) }
        nodes = FixedValues(layout.nodes)
        roots = FixedValues(layout.roots)
        steps = FixedValues(
            stride(from: 0, to: layout.depths.count, by: walkCount).map { start in
                layout.depths[start..<min(start + walkCount, layout.depths.count)].max() ?? 0
            })
        objective = model.objective
        base = model.objective.margin(ofBaseScore: model.baseScore)
        columnCount = model.featureCount
    }

    /// One prediction per row; `rows` has the model's columns.
    package func predictions(_ rows: FeatureRows) -> [Float] {
        precondition(rows.columnCount == columnCount, "rows of another model")
        var predictions: [Float] = []
        predictions.reserveCapacity(rows.rowCount)
        unsafe rows.values.withUnsafeBufferPointer { values in
            for row in 0..<rows.rowCount {
                unsafe predictions.append(
                    prediction(
                        values.extracting(row * columnCount..<(row + 1) * columnCount)))
            }
        }
        return predictions
    }

    /// The prediction for one row, NaN where a value is missing; it has the model's columns.
    package func prediction(_ row: [Float]) -> Float {
        precondition(row.count == columnCount, "a row of another model")
        return unsafe row.withUnsafeBufferPointer { unsafe prediction($0) }
    }

    private func prediction(_ row: UnsafeBufferPointer<Float>) -> Float {
        unsafe objective.prediction(ofMargin: sumOfLeaves(self, row))
    }
}

/// Lays trees out one after the other, each in the order of a walk by levels.
private struct FlatLayout {
    let columnCount: Int
    var nodes: [FlatNode] = []
    var roots: [UInt32] = []
    var depths: [UInt32] = []

    init(columnCount: Int) {
        self.columnCount = columnCount
    }

    /// Adds a tree whose every node must be reached exactly once or not at all.
    mutating func add(_ tree: TreeModel.Tree) throws(TrainerError) {
        var isPlaced = [Bool](repeating: false, count: tree.nodeCount)
        isPlaced[0] = true
        var level = [0]
        var depth: UInt32 = 0
        guard nodes.count + tree.nodeCount < Int(Int32.max) else {
            throw TrainerError(.unsupported, "the model has too many nodes for flat trees")
        }
        roots.append(UInt32(nodes.count))
        while !level.isEmpty {
            var next: [Int] = []
            let start = nodes.count + level.count
            for node in level {
                guard let children = try children(of: node, in: tree, &isPlaced) else {
                    append(leaf: tree.conditions[node])
                    continue
                }
                try append(split: node, of: tree, left: start + next.count)
                next += children
            }
            if !next.isEmpty { depth += 1 }
            level = next
        }
        depths.append(depth)
    }

    /// The two children of a split, nil for a leaf.
    private func children(
        of node: Int, in tree: TreeModel.Tree, _ isPlaced: inout [Bool]
    ) throws(TrainerError) -> [Int]? {
        if tree.left[node] == -1 { return nil }
        var children: [Int] = []
        for child in [tree.left[node], tree.right[node]] {
            guard let child = Int(exactly: child), isPlaced.indices.contains(child),
                !isPlaced[child]
            else { throw TrainerError(.corrupt, "a node of the model leads to \(child)") }
            isPlaced[child] = true
            children.append(child)
        }
        return children
    }

    private mutating func append(leaf value: Float) {
        nodes.append(
            FlatNode(
                threshold: .nan, feature: 0, left: UInt32(nodes.count) &- 1, value: value))
    }

    private mutating func append(
        split node: Int, of tree: TreeModel.Tree, left: Int
    ) throws(TrainerError) {
        guard let feature = UInt32(exactly: tree.features[node]), feature < columnCount else {
            throw TrainerError(
                .corrupt, "a node of the model asks for column \(tree.features[node])")
        }
        let isLeft = tree.isLeftDefault[node] != 0
        nodes.append(
            FlatNode(
                threshold: tree.conditions[node],
                feature: feature | (isLeft ? FlatNode.missingGoesLeft : 0),
                left: UInt32(left), value: 0))
    }
}
