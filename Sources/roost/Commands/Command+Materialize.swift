import Arguments
import DefinitionFiles
import Jobs
import Planning
import PointInTime
import Registry
import Values

extension Command {
    static let materialize = Command(
        specification: CommandSpecification(
            name: "materialize", summary: "Bring views to a time in the online and offline stores.",
            operands: [
                Operand("VIEW", "the views; all unless given", repeats: true, isOptional: true)
            ],
            options: [
                Option("--at", value: "TIME", "what time to be true as of"),
                Option("--from", value: "TIME", "where the interval of a scheduled run begins"),
                Option("--to", value: "TIME", "where it ends: the same as --at"),
                projectOption,
                profileOption,
                Option(
                    flag: "--allow-incomplete", "go beyond what a source is complete to"),
                Option(flag: "--force", "build it again although nothing changed"),
                Option(
                    flag: "--verify", "only compare the online store with what the rows give"),
                Option("--memory", value: "MB", "how much states may take; 1024 unless given"),
                workersOption,
            ],
            example: "roost materialize --at 2013-12-01T00:00:00Z"),
        isRecorded: true
    ) { arguments, console in
        if arguments.has("--verify") { return try verify(arguments, console) }
        let watch = Stopwatch()
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        var options = try materializeOptions(
            arguments, spillFolder: profile.spillFolder(projectFolder: project.folder))
        let line = ProgressLine(console: console, isJSON: arguments.has("--json"))
        options.progress = { line.show($0) }
        var generator = SystemRandomNumberGenerator()
        let report = try MaterializeJob(
            project: project, views: project.views(named: arguments.operands),
            stores: profile.openStores(project: project.plan.name),
            databases: profile.databases, owner: .current(using: &generator), now: Machine.now,
            options: options
        ).run()
        line.clear()
        if report.isUnchanged {
            throw JobError(
                .nothingToDo, "the stores have these views as of that time already",
                hint: "--force builds them again")
        }
        return Outcome(
            lines: table(report) + [""] + sourceTable(report) + report.quality.lines
                + handOver(report) + [
                    "", console.bold("materialized in \(watch.summary)"),
                ],
            members: report.members + [
                JSONMember(name: "seconds", value: .double(watch.seconds)),
                JSONMember(name: "peak_memory_bytes", value: .count(Stopwatch.peakMemory)),
            ])
    }

    static func materializeOptions(
        _ arguments: ParsedArguments, spillFolder: String
    ) throws -> MaterializeOptions {
        let (at, to) = (try arguments.time("--at"), try arguments.time("--to"))
        guard let time = at ?? to, at == nil || to == nil else {
            throw ArgumentError(
                "materialize needs one time", hint: "write --at TIME, or --from TIME --to TIME")
        }
        var options = MaterializeOptions(time: time, spillFolder: spillFolder)
        options.from = try arguments.time("--from")
        if let from = options.from, to == nil || from >= time {
            throw ArgumentError(
                "--from \(from) begins no interval", hint: "write --from TIME --to A LATER TIME")
        }
        options.allowsIncomplete = arguments.has("--allow-incomplete")
        options.isForced = arguments.has("--force")
        options.workers = try arguments.workers()
        options.memory = try arguments.memory()
        return options
    }

    static func table(_ report: MaterializeReport) -> [String] {
        var table = TextTable(
            header: ["view", "as of", "entities", "state bytes", "rows used", "not yet known"])
        for view in report.views {
            table.add(
                [view.view, view.cut.description, view.entities.grouped]
                    + (view.isUnchanged
                        ? ["unchanged", "", ""]
                        : [
                            view.stateBytes.byteText, view.rows.used.grouped,
                            view.notYetKnown.grouped,
                        ]))
        }
        return table.lines
    }

    private static func handOver(_ report: MaterializeReport) -> [String] {
        let names = report.views.filter(\.isLeftToStream).map(\.view)
        if names.isEmpty { return [] }
        return [
            "",
            "\(names.joined(separator: ", ")): built beside what is live; 'roost stream' "
                + "brings it up to date and publishes it",
        ]
    }

    private static func sourceTable(_ report: MaterializeReport) -> [String] {
        var table = TextTable(header: ["event log", "complete to", "rows", "bytes", "appended"])
        for source in report.sources {
            table.add([
                source.source, source.completeTo.description, source.rows.grouped,
                source.bytes.byteText, source.isUnchanged ? "unchanged" : source.appended.grouped,
            ])
        }
        return table.lines
    }
}

extension ParsedArguments {
    /// How many bytes states may take.
    func memory() throws -> Int { try (integer("--memory", in: 1...1_000_000) ?? 1024) << 20 }

    /// The value of the option `name` as a time, or nil when it was not given.
    func time(_ name: String) throws -> EventTime? {
        guard let text = value(name) else { return nil }
        do {
            return try EventTime(parsing: text)
        } catch {
            throw ArgumentError(
                "\(name) needs a time with its zone, not '\(text)'",
                hint: "write it as 2013-12-01T00:00:00Z")
        }
    }
}
