import Columns
public import Planning
import Values
import Workers

// The point-in-time join: for each spine row, the features as they could have been known then.
//
// 1. The spine's keys are numbered per view and its rows grouped by entity, in time order.
// 2. Each source is scanned once, chunk by chunk in parallel: computed columns, admission, filter,
//    a semi-join on the spine's keys, the features' inputs; rows are ordered by hash partition.
// 3. Partition by partition in parallel, rows are grouped by entity and each feature is swept over
//    them (see WindowSweep).
// 4. Results stay grouped; they are put back into spine order chunk by chunk, on reading.
//
// Nothing depends on the number of workers: chunks and partitions are fixed by the data, and no
// aggregate depends on the order of its rows.

/// A point-in-time join of one feature service with any spine.
public struct PointInTimeJoin: Sendable {
    private let plan: ServicePlan
    private let options: JoinOptions

    /// Prepares the join of the service `plan`.
    public init(plan: ServicePlan, options: JoinOptions = JoinOptions()) {
        self.plan = plan
        self.options = options
    }

    /// Runs the join.
    ///
    /// - Parameters:
    ///   - spine: the rows to answer; it must have the join keys of every lookup, the request
    ///     columns and `time`.
    ///   - time: the spine's column of asking times, a timestamp without nulls.
    ///   - source: opens the batch rows of a source; called once per source.
    /// - Returns: the features of every spine row, and what was counted on the way.
    /// - Throws: `PointInTimeError` for a spine that cannot be answered, and what reading throws.
    ///
    /// Complexity: O(source rows + spine rows x features), apart from sorting what is not in time
    /// order. Memory: the spine's keys and times, the admitted rows of the spine's keys of one
    /// source, and the results.
    public func run(
        spine: any BatchRows, time: String, source: (SourcePlan) throws -> any BatchRows
    ) throws -> JoinResult {
        let uses = ViewUse.uses(of: plan)
        let questions = try SpineReader(spine: spine, time: time).read(uses, lookups: plan.lookups)
        var results: [ViewResult?] = Array(repeating: nil, count: uses.count)
        for group in groupedBySource(uses) {
            let views = group.map { index in
                ViewJoin(use: uses[index], queries: questions.queries[index], options: options)
            }
            let merged = MergedSource(views.map(\.use.view.source))
            for view in views { try questions.check(view.use.view.source, options) }
            let chunks = try scan(source(merged.plan), merged, views)
            for (index, result) in zip(group, try sweep(views, chunks)) { results[index] = result }
        }
        return JoinResult(
            plan: plan, spine: spine, uses: uses, results: results.compactMap { $0 },
            incomplete: uses.map { questions.rowsLater(than: options.mark(of: $0.view.source)) })
    }

    /// The rows that each view keeps of each chunk: `[view][chunk]`.
    private func scan(
        _ rows: any BatchRows, _ source: MergedSource, _ views: [ViewJoin]
    ) throws -> [[ScannedRows]] {
        let byChunk = try concurrentMap(count: rows.chunkCount, workers: options.workers) { chunk in
            let batch = source.computing(try rows.read(chunk: chunk, schema: source.plan.schema))
            return views.map { $0.scan.scan(batch) }
        }
        return views.indices.map { view in byChunk.map { $0[view] } }
    }

    private func sweep(
        _ views: [ViewJoin], _ chunks: [[ScannedRows]]
    ) throws(PointInTimeError) -> [ViewResult] {
        let tasks = views.indices.flatMap { view in
            views[view].partitions.map { (view: view, partition: $0) }
        }
        let swept = try concurrentMap(
            count: tasks.count, workers: options.workers
        ) { task throws(PointInTimeError) in
            let (view, partition) = tasks[task]
            return try views[view].sweep(partition: partition, chunks: chunks[view])
        }
        var position = 0
        return views.indices.map { view in
            let count = views[view].partitions.count
            defer { position += count }
            return views[view].result(
                partitions: Array(swept[position..<position + count]), chunks: chunks[view])
        }
    }
}

/// The views of each source, so that a source is scanned once: indices into `uses`.
private func groupedBySource(_ uses: [ViewUse]) -> [[Int]] {
    var groups: [[Int]] = []
    for index in uses.indices {
        let name = uses[index].view.source.name
        if let group = groups.firstIndex(where: { uses[$0[0]].view.source.name == name }) {
            groups[group].append(index)
        } else {
            groups.append([index])
        }
    }
    return groups
}
