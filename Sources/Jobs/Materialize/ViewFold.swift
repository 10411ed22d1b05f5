import Columns
import Planning
import PointInTime
import States
import Synchronization
import Values
import Workers

/// Folds the rows of a source into the states of views: every worker those of its chunks.
struct ViewFold {
    let source: MergedSource
    /// The views and which rows count for each.
    let views: [(layout: StateLayout, scope: RowScope)]
    let spill: SpillFolder
    /// About how many bytes the states of all workers may take before they are spilled.
    let memory: Int
    let workers: Int

    /// Reads all rows once.
    ///
    /// - Returns: the states of each view, by worker.
    func run(
        _ rows: some BatchRows, tell: (@Sendable (MaterializeProgress) -> Void)?
    ) throws -> [[EntityStates]] {
        let workers = max(1, min(workers, rows.chunkCount))
        let total = (0..<rows.chunkCount).reduce(0) { $0 + rows.rowCount(chunk: $1) }
        let meter = ProgressMeter(
            source: source.plan.name, step: .online, total: total, tell: tell)
        let next = Atomic<Int>(0)
        return try concurrentMap(count: workers, workers: workers) { _ in
            var states = views.map { layout, scope in
                EntityStates(
                    layout: layout, scope: scope, spill: spill,
                    memory: memory / (workers * views.count))
            }
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < rows.chunkCount else {
                    for index in states.indices { states[index].finish() }
                    return states
                }
                let batch = source.computing(
                    try rows.read(chunk: chunk, schema: source.plan.schema))
                for index in states.indices { try states[index].fold(batch) }
                meter.add(batch.rowCount)
            }
        }
    }
}
