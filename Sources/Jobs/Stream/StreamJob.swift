import CommitProtocol
public import Kafka
import Lake
public import Planning
import Records
public import Registry
import States
import Stores
public import Streams
import Synchronization
public import Values
import Workers

// What is to be done follows from what stands in the stores: each second the records of the views are
// read, the processors that they ask for are compared with those that work, and those that are not
// asked for any more end. So a generation that another process publishes, a view that is shared from
// now on and a topic that has grown are all the same: other processors are asked for.

/// Feeds views and event logs from the topics of their sources.
public final class StreamJob {
    private static let turnMilliseconds = 1000
    /// A generation is published when it lacks at most so many rows of the log.
    private static let greatestLag: Int64 = 1000
    /// How long rows for an event log are collected.
    private static let linger: Duration = .seconds(5)
    /// How long failures may follow each other while a job that ends when it has caught up waits.
    private static let patience: Duration = .seconds(60)

    private let project: Project
    let sources: [StreamedSource]
    let stores: MaterializeStores
    private let settings: KafkaSettings
    private let owner: ClaimOwner
    private let now: @Sendable () -> EventTime
    private let options: StreamOptions
    /// What the processors have done.
    public let counters = StreamCounters()
    /// Is told each second how many rows of its topic each view lacks.
    public var measure: ((_ lags: [String: Int64]) throws -> Void)?

    private var running: [ProcessorSpec: ProcessorThread] = [:]
    private var done: Set<ProcessorSpec> = []
    private var failures = FailureStreak()

    /// Prepares the job.
    ///
    /// - Parameters:
    ///   - project: the definitions.
    ///   - views: what is fed; with their sources' event logs.
    ///   - stores: where states and rows go.
    ///   - settings: how brokers are reached.
    ///   - owner: this job, for the registry.
    ///   - now: the clock.
    ///   - options: how.
    /// - Throws: `StreamError` for a view that is not refreshed by a stream or has no topic.
    public init(
        project: Project, views: [ViewPlan], stores: MaterializeStores, settings: KafkaSettings,
        owner: ClaimOwner, now: @escaping @Sendable () -> EventTime, options: StreamOptions
    ) throws {
        self.project = project
        self.stores = stores
        self.settings = settings
        self.owner = owner
        self.now = now
        self.options = options
        sources = try StreamedSource.all(of: views, in: project, settings)
    }

    /// Works until it has caught up, if it is to end then, or until `isStopping` says so.
    ///
    /// - Throws: `StreamError` when a person must act; `JobError` with `tryAgain` when it could not
    ///   catch up.
    public func run(isStopping: @escaping @Sendable () -> Bool) throws {
        defer { end() }
        let pause = Pause()
        while !isStopping() {
            do {
                if try turn(pause) { return }
            } catch {
                try endure(error, of: "streams")
            }
            pause.wait(milliseconds: Self.turnMilliseconds)
        }
    }

    /// Looks once at what is to be done.
    ///
    /// - Returns: whether everything is, for a job that ends then.
    private func turn(_ pause: Pause) throws -> Bool {
        let wanted = try specs()
        try collect()
        replace(with: wanted)
        for spec in wanted where running[spec] == nil && !done.contains(spec) {
            running[spec] = try start(spec, pause)
        }
        let isPublishing = try publish()
        if let measure { try measure(lags()) }
        return options.endsWhenCaughtUp && running.isEmpty && !isPublishing
    }

    private func end() {
        for thread in running.values { thread.stop() }
        for thread in running.values { thread.join() }
        running = [:]
    }

    // MARK: Which processors

    private func specs() throws -> [ProcessorSpec] {
        try sources.flatMap { source in
            let partitions = try source.topic.partitionCount()
            var specs: [ProcessorSpec] = []
            if options.sinks.contains(.offline) {
                specs += workers(source, .log, "offline", partitions)
            }
            if options.sinks.contains(.online) {
                specs += try onlineSpecs(of: source, partitions)
            }
            return specs
        }
    }

    /// All live generations of a source's views are read together; one that is being built has a
    /// reader of its own, which may be far behind.
    private func onlineSpecs(
        of source: StreamedSource, _ partitions: Int
    ) throws -> [ProcessorSpec] {
        var specs: [ProcessorSpec] = []
        var live: [ProcessorSpec.Fed] = []
        for view in source.views {
            let record = try beginning(of: view, source).record()
            let layout = StateLayout(view).identity
            let fed = [record.live, record.next].compactMap(\.self).filter {
                $0.generation.layout == layout
            }
            if fed.isEmpty { throw StreamError.outdated(view.name) }
            for one in fed {
                let part = ProcessorSpec.Fed(
                    view: view.name, generation: one.generation, isShared: one.isShared)
                if one.generation.id == record.live.generation.id {
                    live.append(part)
                } else {
                    specs += workers(
                        source, .states([part]), "online.g\(one.generation.id)", partitions)
                }
            }
        }
        return live.isEmpty ? specs : specs + workers(source, .states(live), "online", partitions)
    }

    private func workers(
        _ source: StreamedSource, _ target: ProcessorSpec.Target, _ group: String,
        _ partitions: Int
    ) -> [ProcessorSpec] {
        (0..<options.workers).map { worker in
            ProcessorSpec(
                source: source.plan.name, target: target,
                group: "roost.\(project.plan.name).\(source.plan.name).\(group)", worker: worker,
                partitions: partitions)
        }
    }

    func beginning(of view: ViewPlan, _ source: StreamedSource) -> StreamBeginning {
        StreamBeginning(
            view: view, topic: source.topic, store: stores.online, now: now(), tell: options.tell)
    }

    // MARK: Processors come and go

    /// Ends the processors that nobody asks for any more.
    private func replace(with wanted: [ProcessorSpec]) {
        let unwanted = Set(running.keys).subtracting(wanted)
        for spec in unwanted { running[spec]?.stop() }
        for spec in unwanted { running.removeValue(forKey: spec)?.join() }
        done.formIntersection(wanted)
    }

    private func start(_ spec: ProcessorSpec, _ pause: Pause) throws -> ProcessorThread {
        guard let source = sources.first(where: { $0.plan.name == spec.source }) else {
            throw StreamError(.notStreamed, "there is no source '\(spec.source)'")
        }
        let maker = ProcessorMaker(
            source: source, folder: project.folder, stores: stores, settings: settings,
            counters: counters, now: now, probe: options.probe,
            linger: options.endsWhenCaughtUp ? .seconds(1) : Self.linger)
        let goal: StreamProcessor.Goal = options.endsWhenCaughtUp ? .caughtUp : .never
        return try ProcessorThread(spec, goal: goal) {
            defer { pause.end() }
            return try maker.processor(for: spec)
        }
    }

    /// Takes the processors that have ended, and does what their ends ask for.
    private func collect() throws {
        for (spec, thread) in running {
            guard let result = thread.result else { continue }
            thread.join()
            running[spec] = nil
            switch result {
            case .success:
                done.insert(spec)
            case .failure(let interruption as StreamInterruption): try resolve(interruption)
            case .failure(let error):
                try endure(error, of: "\(spec.source), \(spec.sink.rawValue)")
            }
        }
    }

    private func resolve(_ interruption: StreamInterruption) throws {
        guard case .notKeyed(let name) = interruption else {
            // Its generation was replaced, or the record's check names the loss in the next turn.
            return
        }
        guard let old = try stores.online.streamRecord(of: name) else { return }
        var new = old
        new.live.isShared = true
        new.next?.isShared = true
        if try stores.online.replaceStreamRecord(of: name, old, with: new), new != old {
            options.tell?(.shares(view: name))
        }
    }

    /// What may be gone at the next try is tried again; while a job is to end, for a while only.
    private func endure(_ error: any Error, of what: String) throws {
        if let error = error as? KafkaError, error.code == .outsideLog {
            throw StreamError(
                .lostPosition, "\(error)",
                hint: "rows expired before they were read, or the topic was made anew: run 'roost "
                    + "stream --rebuild VIEW'")
        }
        guard error.isWorthAnotherTry else { throw error }
        failures.note()
        options.tell?(.failed(what: what, reason: "\(error)"))
        if options.endsWhenCaughtUp, failures.duration > Self.patience {
            throw JobError(
                .tryAgain, "\(what) does not get on: \(error)",
                hint: "what was written stays; run it again")
        }
    }

    // MARK: Generations

    /// Publishes generations that have caught up.
    ///
    /// - Returns: whether others have not.
    private func publish() throws -> Bool {
        guard options.sinks.contains(.online) else { return false }
        var isPublishing = false
        for source in sources {
            for view in source.views {
                guard let record = try stores.online.streamRecord(of: view.name),
                    let next = record.next, next.generation.layout == StateLayout(view).identity
                else { continue }
                isPublishing = true
                if try lag(of: next, source) > Self.greatestLag { continue }
                guard let published = try stores.online.publishNext(record) else { continue }
                options.tell?(
                    .published(view: view.name, generation: published.live.generation.id))
                try MaterializeRecords(registry: stores.registry, owner: owner, time: now())
                    .remember(published.live.generation, of: view)
            }
        }
        return isPublishing
    }

    /// How many rows of its topic each view lacks.
    private func lags() throws -> [String: Int64] {
        var lags: [String: Int64] = [:]
        for source in sources {
            for view in source.views {
                guard let record = try stores.online.streamRecord(of: view.name) else { continue }
                lags[view.name] = try lag(of: record.live, source)
            }
        }
        return lags
    }

    /// How many rows of the log a generation lacks; as many as can be while it is not fed yet.
    private func lag(of fed: StreamRecord.Fed, _ source: StreamedSource) throws -> Int64 {
        guard fed.partitions > 0 else { return .max }
        let bounds = try source.topic.bounds(partitions: fed.partitions)
        let checkpoints = try stores.online.checkpoints(
            of: fed.generation.id, partitions: fed.partitions)
        var lag: Int64 = 0
        for (bound, checkpoint) in zip(bounds, checkpoints) {
            guard let checkpoint else { return .max }
            lag += max(0, bound.upperBound - checkpoint.next.offset)
        }
        return lag
    }
}

extension Error {
    /// Whether what failed may be gone at the next try.
    fileprivate var isWorthAnotherTry: Bool {
        switch self {
        case let error as StoreError: error.isRetriable
        case let error as KafkaError: error.isRetriable
        case let error as LakeError: error.isRetriable
        default: false
        }
    }
}
