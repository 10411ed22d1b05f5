import Arguments
import Jobs
import Planning
import Values

extension Command {
    /// What `materialize --verify` does: nothing is written.
    static func verify(_ arguments: ParsedArguments, _ console: Console) throws -> Outcome {
        for name in ["--at", "--from", "--to", "--force", "--allow-incomplete"]
        where arguments.has(name) {
            throw ArgumentError(
                "--verify and \(name) exclude each other",
                hint: "--verify compares what is live, as of its own time")
        }
        let watch = Stopwatch()
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        var options = MaterializeOptions(
            time: Machine.now, spillFolder: try profile.spillFolder(projectFolder: project.folder))
        options.workers = try arguments.workers()
        options.memory = try arguments.memory()
        let line = ProgressLine(console: console, isJSON: arguments.has("--json"))
        options.progress = { line.show($0) }
        let report = try VerifyJob(
            views: project.views(named: arguments.operands),
            stores: MaterializeStores(
                online: profile.openExistingOnlineStore(project: project.plan.name),
                offline: profile.openOfflineStore(),
                registry: profile.openRegistry()), options: options
        ).run()
        line.clear()
        let summary = report.isSame ? "verified" : "not as it should be"
        return Outcome(
            exitCode: report.isSame ? 0 : JobError.Code.dataQuality.exitCode,
            status: report.isSame ? "ok" : JobError.Code.dataQuality.name,
            lines: table(report) + examples(report)
                + ["", console.bold("\(summary) in \(watch.summary)")],
            members: report.members + [
                JSONMember(name: "seconds", value: .double(watch.seconds)),
                JSONMember(name: "peak_memory_bytes", value: .count(Stopwatch.peakMemory)),
            ])
    }

    private static func table(_ report: VerifyReport) -> [String] {
        var table = TextTable(
            header: [
                "view", "generation", "as of", "entities", "missing", "extra", "different", "",
            ])
        for view in report.views {
            table.add([
                view.view, view.generation.map { "\($0)" } ?? "", view.cut?.description ?? "",
                view.entities.grouped, (view.counts[.missing] ?? 0).grouped,
                (view.counts[.extra] ?? 0).grouped, (view.counts[.different] ?? 0).grouped,
                view.verdict.rawValue,
            ])
        }
        return table.lines
    }

    private static func examples(_ report: VerifyReport) -> [String] {
        var lines: [String] = []
        for view in report.views where view.verdict == .outdated {
            lines.append(
                "\(view.view) was built by other definitions: 'roost materialize \(view.view) --at "
                    + "TIME'")
        }
        for view in report.views where view.verdict == .different {
            lines += ["", "\(view.view):"] + view.examples.map { "  \($0)" }
            lines.append("  'roost materialize \(view.view) --at TIME --force' builds it again")
        }
        return lines
    }
}
