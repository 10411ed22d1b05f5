import Arguments
import Jobs
import Planning
import Stores

extension Command {
    static let forget = Command(
        specification: CommandSpecification(
            name: "forget", summary: "Remove an entity from all stores; tell what else has it.",
            operands: [
                Operand("ENTITY", "the entity's name"),
                Operand("NAME=VALUE", "its keys", repeats: true),
            ],
            options: [
                Option(flag: "--dry-run", "only tell what would be removed"),
                projectOption, profileOption,
            ], example: "roost forget airport airport=EWR --dry-run")
    ) { arguments, console in
        let watch = Stopwatch()
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        let report = try ForgetJob(
            arguments.operands[0], keys: Array(arguments.operands.dropFirst()), of: project,
            places: arguments.sourcePlaces(),
            online: profile.openLiveStore(project: project.plan.name),
            offline: profile.openOfflineStore(),
            registry: profile.openRegistry(), now: Machine.now,
            isDryRun: arguments.has("--dry-run")
        ).run()
        let summary =
            report.isEmpty
            ? "no store has anything of it"
            : "\(report.isDryRun ? "would be removed" : "removed") in \(watch.summary)"
        return Outcome(
            exitCode: report.isEmpty ? JobError.Code.nothingToDo.exitCode : 0,
            status: report.isEmpty ? JobError.Code.nothingToDo.name : "ok",
            lines: removedTable(report) + remainderLines(report) + [console.bold(summary)],
            members: report.members)
    }

    private static func removedTable(_ report: ForgetReport) -> [String] {
        if report.isEmpty { return [] }
        var table = TextTable(
            header: [report.isDryRun ? "would be removed" : "removed", "rows", "replaced rows"])
        for view in report.states { table.add(["online state of \(view)", "1"]) }
        for log in report.logs {
            table.add([
                "event log \(log.source)", log.removal.rows.grouped,
                log.removal.replacedRows.grouped,
            ])
        }
        for file in report.quarantine { table.add([file.path, file.rows.grouped]) }
        for name in report.profiles { table.add(["profiles of \(name)"]) }
        return table.lines + [""]
    }

    private static func remainderLines(_ report: ForgetReport) -> [String] {
        if report.remainders.isEmpty { return [] }
        var lines = ["left for you to do:"]
        for remainder in report.remainders {
            let rows = remainder.rows.map { ", \($0.of("row"))" } ?? ""
            lines.append("  \(remainder.kind.rawValue) \(remainder.name)\(rows)")
            lines.append("    \(remainder.remedy)")
        }
        return lines + [""]
    }
}
