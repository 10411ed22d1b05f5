import Columns
import CommitProtocol
import DefinitionFiles
import Kafka
import Parquet
import Planning
import Registry
import States
import Stores
import Streams
import TestSupport
import Values

@testable import Jobs

/// Clicks of users, in files and in a topic, and two views of them: one keyed as the topic is, one
/// that all partitions have rows of.
struct ClickProject: Sendable {
    static let start = EventTime(microseconds: 1_700_000_000_000_000)
    static let end = start.advanced(by: .days(3))

    let folder: TemporaryFolder
    let project: Project
    let profile: Profile

    private static let definitions = """
        project: clicks
        entities:
          - name: user
            keys: { user: string }
          - name: shop
            keys: { shop: int64 }
        sources:
          - name: clicks
            event_time: at
            schema:
              user: string
              shop: int64
              amount: double
              at: timestamp
            batch:
              parquet: data/clicks
            stream:
              kafka: { topic: clicks, format: json, keyed_by: [user] }
        views:
          - name: user_clicks
            entity: user
            source: clicks
            refresh: stream
            features:
              clicks: count() over [1h, 24h]
              spent: sum(amount)
              last_amounts: last(amount, 3) over 24h
          - name: shop_clicks
            entity: shop
            source: clicks
            refresh: stream
            where: amount > 0
            features:
              clicks: count() over 12h
              mean_amount: mean(amount) over 24h
          - name: last_click
            entity: user
            source: clicks
            refresh: stream
            features: [shop, amount]
        services:
          - name: all
            features: [user_clicks.clicks_1h]
        """

    /// A project whose files have `clicks`.
    init(_ clicks: [Click], replacing: (String, String) = ("", "")) throws {
        folder = try TemporaryFolder()
        let text =
            replacing.0.isEmpty
            ? Self.definitions
            : Self.definitions.replacing(replacing.0, with: replacing.1)
        _ = try folder.file("feature-definitions/clicks.yaml", text)
        project = try Project(folder: folder.path)
        profile = try Project.profile(named: nil, folder: folder.path)
        try write(clicks, as: "part")
        _ = try profile.openRegistry().apply(
            project.applied, files: project.appliedFiles, allowingBreaking: false, at: Self.start)
    }

    /// Writes a file of clicks.
    func write(_ clicks: [Click], as name: String) throws {
        let source = try project.source(named: "clicks")
        let path = folder.file("data/clicks/\(name).parquet")
        try FileSystem.makeFolder(Path.parent(of: path))
        let writer = try ParquetWriter(path: path, schema: source.schema)
        try writer.write(
            ColumnBatch(
                schema: source.schema,
                columns: [
                    Column(type: .string, clicks.map { .string($0.user) }),
                    Column(type: .int64, clicks.map { .integer($0.shop) }),
                    Column(type: .double, clicks.map { $0.amount.map(Scalar.double) ?? .null }),
                    Column(type: .timestamp, clicks.map { .timestamp($0.at) }),
                ], rowCount: clicks.count))
        try writer.close()
    }

    /// Builds all views as of `time`.
    @discardableResult
    func materialize(at time: EventTime) throws -> MaterializeReport {
        var options = MaterializeOptions(time: time, spillFolder: folder.path)
        options.workers = 2
        options.memory = 64 << 20
        return try MaterializeJob(
            project: project, views: project.plan.views, stores: stores(), owner: owner,
            now: Self.end, options: options
        ).run()
    }

    /// Streams until everything is written.
    @discardableResult
    func stream(
        from broker: KafkaDevBroker, sinks: Set<StreamOptions.Sink> = [.online, .offline],
        rebuilding: Bool = false,
        tell: (@Sendable (StreamNews) -> Void)? = nil
    ) throws -> StreamJob {
        var options = StreamOptions()
        options.endsWhenCaughtUp = true
        options.tell = tell
        options.sinks = sinks
        let job = try job(from: broker.settings, options)
        if rebuilding { try job.prepareRebuild(of: project.plan.views) }
        try job.run { false }
        return job
    }

    func job(from settings: KafkaSettings, _ options: StreamOptions) throws -> StreamJob {
        try StreamJob(
            project: project, views: project.plan.views, stores: stores(), settings: settings,
            owner: owner, now: { Self.end }, options: options)
    }

    /// How many rows a view has been fed, of all partitions.
    func fed(_ view: String) throws -> Int64 {
        let store = try stores().online
        guard let record = try store.streamRecord(of: view) else { return 0 }
        return try store.checkpoints(
            of: record.live.generation.id, partitions: record.live.partitions
        ).reduce(0) { $0 + ($1?.next.offset ?? 0) }
    }

    func verify() throws -> VerifyReport {
        try VerifyJob(
            views: project.plan.views, stores: stores(),
            options: MaterializeOptions(time: Self.end, spillFolder: folder.path)
        ).run()
    }

    func stores() throws -> MaterializeStores { try profile.openStores(project: "clicks") }

    private var owner: ClaimOwner {
        var generator = SystemRandomNumberGenerator()
        return .current(using: &generator)
    }

    /// The states of a view as of the end, as if no partition had brought them, by entity.
    func states(of name: String) throws -> [[UInt8]: [UInt8]] {
        let view = try project.views(named: [name])[0]
        let layout = StateLayout(view)
        let store = try stores().online
        guard let live = try store.liveGeneration(view: name) else { return [:] }
        var states: [[UInt8]: [UInt8]] = [:]
        try store.readStates(of: live) { entity, bytes in
            if var state = try? ViewState(layout, encoded: bytes).pruned(to: Self.end),
                !state.isExpired(at: Self.end)
            {
                state.partition = .none
                states[entity] = state.encoded
            }
            return true
        }
        return states
    }
}

/// One click.
struct Click: Sendable {
    let user: String
    let shop: Int64
    let amount: Double?
    let at: EventTime

    /// Clicks in some order of their own, some of them late and some of them twice.
    static func random(_ count: Int, seed: UInt64) -> [Click] {
        var random = SeededGenerator(seed: seed)
        var clicks: [Click] = []
        for _ in 0..<count {
            if let last = clicks.last, Int.random(in: 0..<30, using: &random) == 0 {
                clicks.append(last)
                continue
            }
            let milliseconds = Int64.random(in: 0..<3 * 86_400_000, using: &random)
            clicks.append(
                Click(
                    user: "u\(Int.random(in: 0..<50, using: &random))",
                    shop: Int64.random(in: 0..<5, using: &random),
                    amount: Int.random(in: 0..<10, using: &random) == 0
                        ? nil : Double.random(in: -10...100, using: &random),
                    at: ClickProject.start.advanced(
                        by: EventDuration(microseconds: milliseconds * 1000))))
        }
        return clicks
    }

    var json: String {
        #"{"user": "\#(user)", "shop": \#(shop), "amount": \#(amount.map { "\($0)" } ?? "null"), "#
            + #""at": "\#(at)", "unused": [1, {"x": 2}]}"#
    }
}

extension KafkaDevBroker {
    /// Sends clicks, keyed by user, as if each had been sent when it happened.
    func send(_ clicks: [Click], to partition: (Int) -> Int32? = { _ in nil }) throws {
        let producer = try KafkaProducer(settings)
        for (index, click) in clicks.enumerated() {
            try producer.send(
                KafkaRecord(
                    topic: "clicks", partition: partition(index), key: Array(click.user.utf8),
                    value: Array(click.json.utf8),
                    timestamp: click.at.microseconds / 1000))
        }
        try producer.flush()
    }
}
