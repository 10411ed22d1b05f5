import Columns

/// How many trees are walked in step. One walk waits for memory at every node; several wait
/// together.
let walkCount = 8

/// The base margin and the leaves that `row` arrives at, added in the order of the trees.
///
/// Every index was checked when the trees were laid out: children lie inside the nodes, columns
/// inside a row, and `steps` lead from each root to a leaf. `row` must have the model's columns.
func sumOfLeaves(_ trees: FlatTrees, _ row: UnsafeBufferPointer<Float>) -> Float {
    guard let row = row.baseAddress, let nodes = unsafe trees.nodes.start else { return trees.base }
    var sum = trees.base
    let count = trees.roots.count
    var first = 0
    var group = 0
    while first + walkCount <= count {
        var walks = SIMD8<UInt32>()
        for lane in 0..<walkCount { walks[lane] = trees.roots[first + lane] }
        for _ in 0..<trees.steps[group] {
            for lane in 0..<walkCount { unsafe walks[lane] = step(nodes, row, walks[lane]) }
        }
        for lane in 0..<walkCount { unsafe sum += nodes[Int(walks[lane])].value }
        first += walkCount
        group += 1
    }
    while first < count {
        var walk = trees.roots[first]
        for _ in 0..<trees.steps[group] { walk = unsafe step(nodes, row, walk) }
        unsafe sum += nodes[Int(walk)].value
        first += 1
    }
    return sum
}

/// The child of `node` that `row` leads to, without a branch that the processor could mispredict.
@inline(__always)
private func step(
    _ nodes: UnsafePointer<FlatNode>, _ row: UnsafePointer<Float>, _ node: UInt32
) -> UInt32 {
    let node = unsafe nodes[Int(node)]
    let value = unsafe row[Int(node.feature & ~FlatNode.missingGoesLeft)]
    let isBelow: UInt32 = value < node.threshold ? 1 : 0
    let isMissing: UInt32 = value.isNaN ? 1 : 0
    return node.left &+ 1 &- (isBelow | (isMissing & (node.feature >> 31)))
}

extension FixedValues {
    /// The first value; valid while these values live.
    @inline(__always)
    fileprivate var start: UnsafePointer<Element>? {
        unsafe withUnsafeBufferPointer { $0.baseAddress }
    }
}
