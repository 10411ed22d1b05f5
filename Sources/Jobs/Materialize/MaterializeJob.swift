import Columns
import Expressions
public import Planning
import PointInTime
public import Registry
import States
import Stores
public import Values
import Workers

// Materializing: the states of a view's entities as of a time become the live generation.
//
// 1. The event log of each source gets what it lacks.
// 2. Each source is read once for all its views, chunk by chunk in parallel. Every worker folds the
//    rows of its chunks into states of its own and spills them, sorted, when they grow too large. At
//    the end it sorts and encodes the others, so that this too is done in parallel.
// 3. Per view the workers' states are merged in order of their keys and written as a generation,
//    which then takes the place of the live one in one step; where a stream feeds the live one, the
//    stream first brings the new one to where it is itself.
//
// A generation records what it was built of. The same again is nothing to do; other definitions,
// another time or other input build it anew. A killed job leaves the live generations as they were,
// and whole intervals in the logs.

/// Brings views of a project to a time, in the offline and in the online store.
public struct MaterializeJob: Sendable {
    private let project: Project
    private let views: [ViewPlan]
    private let options: MaterializeOptions
    private let stores: MaterializeStores
    private let records: MaterializeRecords
    private let places: SourcePlaces

    private var folder: String { places.folder }
    private var store: any OnlineStore { stores.online }

    /// Prepares the job for `views` of `project`.
    ///
    /// - Parameters:
    ///   - project: the definitions and their folder.
    ///   - views: what is materialized.
    ///   - stores: where rows and states go, and what happened is recorded.
    ///   - databases: what sources are read from, by the profile's names.
    ///   - owner: this job, for claims of intervals.
    ///   - now: the clock's time, for the records.
    ///   - options: the time, and how to get there.
    public init(
        project: Project, views: [ViewPlan], stores: MaterializeStores,
        databases: [String: String] = [:], owner: ClaimOwner, now: EventTime,
        options: MaterializeOptions
    ) {
        places = SourcePlaces(folder: project.folder, databases: databases)
        records = MaterializeRecords(registry: stores.registry, owner: owner, time: now)
        self.project = project
        self.views = views
        self.stores = stores
        self.options = options
    }

    /// Runs the job, view after view; views that are done stay done when a later one fails.
    ///
    /// - Throws: `usage` for sources that do not fit; `dataQuality` for times that a source is not
    ///   complete to; `QualityError` for rows that are not as expected; `StoreError` when the store is busy or full; `ParquetError`.
    public func run() throws -> MaterializeReport {
        var reports: [String: MaterializeReport.View] = [:]
        var sources: [MaterializeReport.Source] = []
        var quality: [QualityReport] = []
        for group in groups() {
            for report in try materialize(group, &sources, &quality) {
                reports[report.view] = report
            }
        }
        return MaterializeReport(
            views: views.compactMap { reports[$0.name] }, sources: sources,
            quality: quality)
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

    private func materialize(
        _ views: [ViewPlan], _ sources: inout [MaterializeReport.Source],
        _ quality: inout [QualityReport]
    ) throws -> [MaterializeReport.View] {
        let source = MergedSource(views.map(\.source))
        let whole = try project.source(named: source.plan.name)
        let rows = try places.rows(of: whole, workers: options.workers)
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
        do {
            // Rows that are not as expected leave everything as it was, the log included.
            let parts = tasks.isEmpty ? [] : try fold(rows, source, tasks, inputs, &quality)
            sources.append(try log(rows, of: whole))
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

    /// Brings the event log of a source to the time, with all its columns.
    private func log(
        _ rows: ParquetRows, of source: SourcePlan
    ) throws -> MaterializeReport.Source {
        try EventLogLoad(
            source, rows, folder: folder, log: stores.offline.eventLog(of: source.name),
            workers: options.workers
        ).run(to: options.time, at: records.time, tell: options.progress)
    }

    /// What to report when the store has what `task` would build; else the task is claimed.
    private func unchanged(_ task: ViewTask) throws -> MaterializeReport.View? {
        let live = try store.liveGeneration(view: task.view.name)
        let isSame = live?.identity == task.identity
        // A store that was restored from an older copy lacks an interval that was done.
        let isRolledBack = try live.map { try stores.registry.knowsReplaced($0) } ?? false
        if let live, isSame { try records.remember(live, of: task.view) }
        let next = try store.streamRecord(of: task.view.name)?.next?.generation
        if let next, next.identity == task.identity, !options.isForced {
            return task.unchanged(next, isLeftToStream: true)
        }
        let isClaimed = try records.claim(task)
        if let live, !options.isForced, isSame || !isClaimed && !isRolledBack {
            if isClaimed { try records.finish(task, rows: 0) }
            return task.unchanged(live)
        }
        if !isClaimed { try records.claimAgain(task) }
        if !options.isForced { try task.check(live) }
        return nil
    }

    /// Reads the source and checks its rows; returns the states of each view, by worker.
    private func fold(
        _ rows: ParquetRows, _ source: MergedSource, _ tasks: [ViewTask], _ inputs: String,
        _ quality: inout [QualityReport]
    ) throws -> [[EntityStates]] {
        let plan = try project.source(named: source.plan.name)
        let scope = QualityScope(
            plan, views: tasks.map(\.view), profiles: !plan.expectations.isEmpty,
            span: options.from.map { $0..<options.time })
        let check = QualityCheck(scope, identity: inputs)
        let fold = ViewFold(
            source: source, views: tasks.map { ($0.layout, RowScope($0.view, cut: $0.cut)) },
            spill: SpillFolder(path: options.spillFolder), memory: options.memory,
            workers: options.workers)
        let parts = try fold.run(check.checking(rows), tell: options.progress)
        let record = QualityRecord(
            registry: stores.registry, command: "materialize", askedAt: options.time,
            now: records.time)
        if let report = try check.finish(rows, projectFolder: folder, record: record) {
            quality.append(report)
        }
        return parts
    }

    private func write(
        _ task: ViewTask, _ parts: [EntityStates]
    ) throws -> MaterializeReport.View {
        let writer = try store.beginGeneration(task.plan)
        var merge = try StateMerge(layout: task.layout, of: parts)
        var stateBytes = 0
        while let (key, state) = try merge.next(at: task.cut) {
            stateBytes += state.count
            try writer.append(key, state)
        }
        let isStreamed = try store.streamRecord(of: task.view.name) != nil
        let generation = try isStreamed ? writer.leaveToStream() : writer.publish()
        if !isStreamed { try records.remember(generation, bytes: stateBytes, of: task.view) }
        var counts = RowCounts()
        for part in parts { counts.add(part.counts) }
        return MaterializeReport.View(
            view: task.view.name, cut: task.cut, generation: generation.id,
            entities: generation.entities, isUnchanged: false, rows: counts,
            notYetKnown: parts.reduce(0) { $0 + $1.notYetKnown }, stateBytes: stateBytes,
            isLeftToStream: isStreamed)
    }
}
