import Columns
import Expressions
public import Planning
import PointInTime
public import Registry
import States
public import Stores
import Synchronization
public import Values
import Workers

// Materializing: the states of a view's entities as of a time become the live generation.
//
// 1. Each source is read once for all its views, chunk by chunk in parallel. Every worker folds the
//    rows of its chunks into states of its own and spills them, sorted, when they grow too large.
// 2. Per view the workers' states are merged in order of their keys and written as a generation,
//    which then takes the place of the live one in one step.
//
// A generation records what it was built of. The same again is nothing to do; other definitions,
// another time or other input build it anew. A killed job leaves the live generations as they were.

/// Brings views of a project to a time in the online store.
public struct MaterializeJob: Sendable {
    private let views: [ViewPlan]
    private let folder: String
    private let options: MaterializeOptions
    private let store: any OnlineStore
    private let records: MaterializeRecords

    /// Prepares the job for `views` of the project in `folder`.
    ///
    /// - Parameters:
    ///   - views: what is materialized.
    ///   - folder: the project folder.
    ///   - store: where the states go.
    ///   - registry: where intervals and generations are recorded.
    ///   - owner: this job, for claims of intervals.
    ///   - now: the clock's time, for the registry's records.
    ///   - options: the time, and how to get there.
    public init(
        views: [ViewPlan], folder: String, store: any OnlineStore, registry: any RegistryStore,
        owner: ClaimOwner, now: EventTime, options: MaterializeOptions
    ) {
        records = MaterializeRecords(registry: registry, owner: owner, time: now)
        self.views = views
        self.folder = folder
        self.store = store
        self.options = options
    }

    /// Runs the job, view after view; views that are done stay done when a later one fails.
    ///
    /// - Throws: `usage` for sources that do not fit; `dataQuality` for times that a source is not
    ///   complete to; `StoreError` when the store is busy or full; `ParquetError`.
    public func run() throws -> MaterializeReport {
        var reports: [String: MaterializeReport.View] = [:]
        for group in groups() {
            for report in try materialize(group) { reports[report.view] = report }
        }
        return MaterializeReport(views: views.compactMap { reports[$0.name] })
    }

    /// The views of each source, so that a source is read once.
    private func groups() -> [[ViewPlan]] {
        var groups: [[ViewPlan]] = []
        for view in views {
            if let group = groups.firstIndex(where: { $0[0].source.name == view.source.name }) {
                groups[group].append(view)
            } else {
                groups.append([view])
            }
        }
        return groups
    }

    private func materialize(_ views: [ViewPlan]) throws -> [MaterializeReport.View] {
        let source = MergedSource(views.map(\.source))
        let rows = try ParquetRows(
            source: source.plan, folder: folder, workers: options.workers)
        let inputs = rows.inputs(below: folder).line
        var reports: [MaterializeReport.View] = []
        var tasks: [ViewTask] = []
        for view in views {
            let task = try ViewTask(view, inputs: inputs, options: options)
            if let unchanged = try unchanged(task) {
                reports.append(unchanged)
            } else {
                tasks.append(task)
            }
        }
        if tasks.isEmpty { return reports }
        do {
            let parts = try fold(rows, source, tasks, SpillFolder(path: options.spillFolder))
            for (index, task) in tasks.enumerated() {
                let report = try write(task, parts.map { $0[index] })
                try records.finish(task, rows: report.rows.used)
                reports.append(report)
            }
        } catch {
            for task in tasks { records.giveUp(task) }
            throw error
        }
        return reports
    }

    /// What to report when the store has what `task` would build; else the task is claimed.
    private func unchanged(_ task: ViewTask) throws -> MaterializeReport.View? {
        let live = try store.liveGeneration(view: task.view.name)
        let isSame = live?.identity == task.identity
        if let live, isSame { try records.remember(live, of: task.view) }
        let isClaimed = try records.claim(task)
        if let live, !options.isForced, isSame || !isClaimed {
            if isClaimed { try records.finish(task, rows: 0) }
            return task.unchanged(live)
        }
        if !isClaimed { try records.claimAgain(task) }
        if !options.isForced { try task.check(live) }
        return nil
    }

    /// Reads the source; returns the states of each view, by worker.
    private func fold(
        _ rows: ParquetRows, _ source: MergedSource, _ tasks: [ViewTask], _ spill: SpillFolder
    ) throws -> [[EntityStates]] {
        let workers = max(1, min(options.workers, rows.chunkCount))
        let meter = ProgressMeter(
            source: source.plan.name, total: rows.totalRowCount, tell: options.progress)
        let next = Atomic<Int>(0)
        return try concurrentMap(count: workers, workers: workers) { _ in
            var states = tasks.map { task in
                EntityStates(
                    layout: task.layout, scope: RowScope(task.view, cut: task.cut), spill: spill,
                    memory: options.memory / (workers * tasks.count))
            }
            while true {
                let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard chunk < rows.chunkCount else { return states }
                let batch = source.computing(
                    try rows.read(chunk: chunk, schema: source.plan.schema))
                for index in states.indices { try states[index].fold(batch) }
                meter.add(batch.rowCount)
            }
        }
    }

    private func write(
        _ task: ViewTask, _ parts: [EntityStates]
    ) throws -> MaterializeReport.View {
        let writer = try store.beginGeneration(task.plan)
        var merge = try StateMerge(layout: task.layout, of: parts)
        var stateBytes = 0
        while let (key, state) = try merge.next() {
            if state.isExpired(at: task.cut) { continue }
            let bytes = state.pruned(to: task.cut).encoded
            stateBytes += bytes.count
            try writer.append(key, bytes)
        }
        let generation = try writer.publish()
        try records.remember(generation, of: task.view)
        var counts = RowCounts()
        for part in parts { counts.add(part.counts) }
        return MaterializeReport.View(
            view: task.view.name, cut: task.cut, generation: generation.id,
            entities: generation.entities, isUnchanged: false, rows: counts,
            notYetKnown: parts.reduce(0) { $0 + $1.notYetKnown }, stateBytes: stateBytes)
    }
}

/// Adds up what the workers read, and tells.
private final class ProgressMeter: Sendable {
    private let source: String
    private let total: Int
    private let tell: (@Sendable (MaterializeProgress) -> Void)?
    private let rows = Atomic<Int>(0)

    init(source: String, total: Int, tell: (@Sendable (MaterializeProgress) -> Void)?) {
        self.source = source
        self.total = total
        self.tell = tell
    }

    func add(_ count: Int) {
        let sum = rows.wrappingAdd(count, ordering: .relaxed).newValue
        tell?(MaterializeProgress(source: source, rows: sum, totalRows: total))
    }
}
