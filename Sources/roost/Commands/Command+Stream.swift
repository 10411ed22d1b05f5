import Arguments
import DefinitionFiles
import Jobs
import Kafka
import Planning
import PointInTime
import Registry
import Server
import Streams

extension Command {
    static let stream = Command(
        specification: CommandSpecification(
            name: "stream", summary: "Feed views and event logs from Kafka, each row exactly once.",
            operands: [
                Operand(
                    "VIEW", "the views; all that a stream refreshes unless given", repeats: true,
                    isOptional: true)
            ],
            options: [
                Option(
                    "--brokers", value: "HOST:PORT", "where Kafka is; the profile's unless given"),
                Option("--sink", value: "NAME", "'online' or 'offline' alone; both unless given"),
                Option("--workers", value: "N", "threads for each source and sink; 1 unless given"),
                Option(flag: "--until-caught-up", "end when all rows that are there are written"),
                Option(
                    flag: "--rebuild",
                    "first build the views anew, beside what is live, from their batch rows"),
                Option("--at", value: "TIME", "what time to rebuild as of; now unless given"),
                Option("--memory", value: "MB", "how much a rebuild may take; 1024 unless given"),
                Option(
                    "--metrics", value: "FILE",
                    "write numbers there each second, in Prometheus' text format"),
                projectOption,
                profileOption,
            ],
            example: "roost stream --brokers localhost:9092"),
        isRecorded: true
    ) { arguments, console in
        let watch = Stopwatch()
        let stop = StopSignals()
        let session = try StreamSession(arguments, console)
        if arguments.has("--rebuild") { try session.rebuild() }
        if let path = arguments.value("--metrics") { session.writeMetrics(to: path) }
        try session.job.run(isStopping: stop.hasCome)
        let totals = session.job.counters.all
        return Outcome(
            lines: table(totals) + ["", console.bold("streamed for \(watch.summary)")],
            members: [
                JSONMember(
                    name: "sinks",
                    value: .array(
                        totals.sorted { $0.key < $1.key }.map { json($0.key, $0.value) })),
                JSONMember(name: "seconds", value: .double(watch.seconds)),
                JSONMember(name: "peak_memory_bytes", value: .count(Stopwatch.peakMemory)),
            ])
    }

    private static func table(_ totals: [String: StreamCounters.Numbers]) -> [String] {
        var table = TextTable(header: ["sink", "records", "no rows", "rows used", "rejected"])
        for (name, numbers) in totals.sorted(by: { $0.key < $1.key }) where !name.isEmpty {
            table.add([
                name, numbers.records.grouped, numbers.rejected.grouped,
                numbers.rows.used.grouped, numbers.rows.rejected.grouped,
            ])
        }
        return table.lines
    }

    private static func json(_ name: String, _ numbers: StreamCounters.Numbers) -> JSONValue {
        .object([
            "sink": .string(name.isEmpty ? "group" : name),
            "records": .count(numbers.records), "no_rows": .count(numbers.rejected),
            "used": .count(numbers.rows.used), "rejected": .count(numbers.rows.rejected),
            "filtered": .count(numbers.rows.filtered),
            "without_key": .count(numbers.rows.withoutKey),
            "fences": .count(numbers.fences), "rewinds": .count(numbers.rewinds),
            "departures": .count(numbers.departures),
        ])
    }
}

/// What one run of `roost stream` works with.
private struct StreamSession {
    let job: StreamJob
    private let arguments: ParsedArguments
    private let project: Project
    private let profile: Profile
    private let stores: MaterializeStores
    private let views: [ViewPlan]

    init(_ arguments: ParsedArguments, _ console: Console) throws {
        self.arguments = arguments
        project = try arguments.appliedProject(console)
        profile = try arguments.profile()
        stores = try profile.openStores(project: project.plan.name)
        views = try project.streamedViews(named: arguments.operands)
        var options = StreamOptions()
        if let name = arguments.value("--sink") {
            guard let sink = StreamOptions.Sink(rawValue: name) else {
                throw ArgumentError(
                    "--sink is 'online' or 'offline', not '\(name)'", hint: "leave it out for both")
            }
            options.sinks = [sink]
        }
        options.workers = try arguments.integer("--workers", in: 1...256) ?? 1
        options.endsWhenCaughtUp = arguments.has("--until-caught-up")
        options.tell = { console.complain($0.text) }
        var generator = SystemRandomNumberGenerator()
        job = try StreamJob(
            project: project, views: views, stores: stores,
            settings: try profile.kafkaSettings(brokers: arguments.value("--brokers")),
            owner: .current(using: &generator),
            now: { Machine.now }, options: options)
    }

    /// Writes numbers to a file each second, which is whole whenever somebody reads it.
    func writeMetrics(to path: String) {
        job.measure = { [counters = job.counters] lags in
            var text = MetricsText()
            for metric in StreamMetrics(counters, lags: lags, now: Machine.now).all {
                text.write(metric)
            }
            try FileSystem.write(text.text, to: path)
        }
    }

    /// Builds the views from their batch rows; the stream goes on from there.
    func rebuild() throws {
        try job.prepareRebuild(of: views)
        var options = MaterializeOptions(
            time: try arguments.time("--at") ?? Machine.now,
            spillFolder: try profile.spillFolder(projectFolder: project.folder))
        options.isForced = true
        options.memory = try arguments.memory()
        var generator = SystemRandomNumberGenerator()
        _ = try MaterializeJob(
            project: project, views: views.filter { $0.source.batch != nil }, stores: stores,
            databases: profile.databases, owner: .current(using: &generator), now: Machine.now,
            options: options
        ).run()
    }
}

extension StreamNews {
    fileprivate var text: String {
        switch self {
        case .began(let view, let generation, let partitions):
            "\(view): rows of \(partitions) partitions go into generation \(generation)"
        case .published(let view, let generation):
            "\(view): generation \(generation) has caught up and is live"
        case .shares(let view):
            "\(view): several partitions have rows of one entity; its states are shared from now on, "
                + "which is slower"
        case .failed(let what, let reason): "\(what): \(reason); trying again"
        }
    }
}
