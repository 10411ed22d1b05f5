import CommitProtocol
public import Planning
import PointInTime
import Registry
import States
import Stores
import Values

// Verifying: what the live generations hold is compared, byte for byte, with what the event logs
// give. Both sides come in order of their entities, sorted on disk beyond the memory: the rows as
// `materialize` folds them, at the log's state that the generation was built beside, and the states
// as the store gives them. Two readers that walk together see every difference.

/// Compares the online store with what the rows in the offline store give.
public struct VerifyJob: Sendable {
    private let views: [ViewPlan]
    private let stores: MaterializeStores
    private let options: MaterializeOptions

    /// Prepares the job for `views`.
    ///
    /// - Parameters:
    ///   - views: what is verified; those that are not in the online store are reported.
    ///   - stores: what is compared, and the registry that knows when it was built.
    ///   - options: memory, workers, the folder for what does not fit the memory; their time means
    ///     nothing here.
    public init(views: [ViewPlan], stores: MaterializeStores, options: MaterializeOptions) {
        self.views = views
        self.stores = stores
        self.options = options
    }

    /// Compares everything; nothing is written to a store.
    ///
    /// - Throws: `busy` when a view is materialized meanwhile; what stores throw.
    public func run() throws -> VerifyReport {
        var reports: [String: VerifyReport.View] = [:]
        var groups: [Group: [VerifiedView]] = [:]
        for view in views {
            let live = try stores.online.liveGeneration(view: view.name)
            var report = VerifyReport.View(view: view.name, verdict: .none)
            report.generation = live?.id
            report.cut = live?.cut
            if let live {
                let layout = StateLayout(view)
                report.verdict = live.layout == layout.identity ? .same : .outdated
                if report.verdict == .same {
                    let isStreamed = try isStreamed(view)
                    let group = Group(
                        source: view.source.name, point: isStreamed ? .newest : try point(of: live),
                        isStreamed: isStreamed)
                    groups[group, default: []].append(
                        isStreamed
                            ? StreamedStates(view, live).verified : VerifiedView(layout, live))
                }
            }
            reports[view.name] = report
        }
        for (group, members) in groups {
            try compare(members, of: group, &reports)
        }
        return VerifyReport(views: views.compactMap { reports[$0.name] })
    }

    /// Views that are built of the same rows.
    private struct Group: Hashable {
        let source: String
        let point: LogPoint
        let isStreamed: Bool
    }

    /// Whether a stream feeds what is live.
    ///
    /// - Throws: `busy` when the two stores do not have the same rows of it.
    private func isStreamed(_ view: ViewPlan) throws -> Bool {
        guard let record = try stores.online.streamRecord(of: view.name) else { return false }
        let checkpoints = try stores.online.checkpoints(
            of: record.live.generation.id, partitions: record.live.partitions)
        let log = try stores.offline.eventLog(of: view.source.name).streamState()
        guard checkpoints.map({ $0?.next }) == log?.checkpoints.map({ $0?.next }) else {
            throw StoreError(
                .busy,
                "the online store and the event log do not have the same rows of the stream "
                    + "of '\(view.source.name)'",
                hint: "run 'roost stream --until-caught-up' while no rows come, then verify")
        }
        return true
    }

    /// The state of the log that a generation was built beside: a job writes both at one time.
    private func point(of live: Generation) throws -> LogPoint {
        let records = try stores.registry.generations(of: live.view)
        let record = records.last { $0.identity.bytes == live.identity && $0.state == .live }
        return record.map { .time($0.startedAt) } ?? .newest
    }

    /// The log as it was then; as it is when it did not reach to `cut` then, for a clock that went
    /// back.
    private func state(of group: Group, at cut: EventTime) throws -> any EventLogState {
        let log = try stores.offline.eventLog(of: group.source)
        let state = try log.state(at: group.point)
        if let covered = state.coveredTo, covered >= cut { return state }
        return try log.state(at: .newest)
    }

    private func compare(
        _ members: [VerifiedView], of group: Group, _ reports: inout [String: VerifyReport.View]
    ) throws {
        let spill = SpillFolder(path: options.spillFolder)
        let memory = options.memory / 2
        let state = try state(of: group, at: members.map(\.generation.cut).max() ?? .distantPast)
        let source = MergedSource(members.map(\.layout.view.source))
        let fold = ViewFold(
            source: source, views: members.map { ($0.layout, $0.scope) }, spill: spill,
            memory: memory, workers: options.workers)
        let parts = try fold.run(
            state.rows(workers: options.workers), tell: options.progress)
        for (index, member) in members.enumerated() {
            let name = member.generation.view
            var stored = try StoredStates(
                member.generation, in: stores.online, spill: spill, memory: memory)
            var expected = ExpectedStates(
                try StateMerge(layout: member.layout, of: parts.map { $0[index] }),
                cut: member.scope.cut)
            guard var report = reports[name] else { continue }
            try member.compare(&expected, &stored, &report)
            reports[name] = report
        }
    }
}
