import Planning
import Registry
import Stores
import Values

/// What the registry is told of a materialization. The store's pointer decides what is live; the
/// registry follows, and is set right by the next run if it was not told.
struct MaterializeRecords: Sendable {
    /// Long enough for any view; a killed job's claim ends with its process.
    private static let lease = EventDuration.hours(24)

    let registry: any RegistryStore
    let owner: ClaimOwner
    let time: EventTime

    /// Records that `generation` is live, unless that is known.
    func remember(_ generation: Generation, bytes: Int? = nil, of view: ViewPlan) throws {
        guard let identity = RecordIdentity(bytes: generation.identity) else { return }
        let live = try registry.generations(of: view.name).last { $0.state == .live }
        if live?.identity == identity { return }
        let record = try registry.beginGeneration(
            of: view.name, identity: identity, cut: generation.cut, at: time)
        try registry.publishGeneration(
            of: view.name, id: record.id, entities: generation.entities, bytes: bytes, at: time)
    }

    /// Takes the interval of `task`.
    ///
    /// - Returns: false when it was done before.
    /// - Throws: `tryAgain` when another job is at it.
    func claim(_ task: ViewTask) throws -> Bool {
        guard let interval = task.interval, let identity = RecordIdentity(bytes: task.identity)
        else { return true }
        switch try registry.claim(
            interval, identity: identity, owner: owner, at: time, lease: Self.lease)
        {
        case .claimed: return true
        case .done: return false
        case .running:
            throw JobError(
                .tryAgain,
                "another job is materializing view '\(task.view.name)' from \(interval.from) to "
                    + "\(interval.to)", hint: "wait until it has ended")
        }
    }

    /// Takes the interval of `task` although it was done before.
    func claimAgain(_ task: ViewTask) throws {
        guard let interval = task.interval else { return }
        try registry.markStale(interval, at: time)
        _ = try claim(task)
    }

    /// Records that the interval is in the store.
    func finish(_ task: ViewTask, rows: Int) throws {
        guard let interval = task.interval else { return }
        try registry.finish(interval, owner: owner, rows: rows, at: time)
    }

    /// Gives the interval back.
    func giveUp(_ task: ViewTask) {
        guard let interval = task.interval else { return }
        // The claim ends with this process anyway.
        try? registry.giveUp(interval, owner: owner, at: time)
    }
}
