import Arguments
import DefinitionFiles
import Jobs
import Planning
import Registry

extension Command {
    static let plan = Command(
        specification: CommandSpecification(
            name: "plan", summary: "Show what 'roost apply' would change, break and leave to fill.",
            options: [projectOption, profileOption], example: "roost plan")
    ) { arguments, console in
        let project = try Project(folder: arguments.projectFolder)
        let profile = try arguments.profile()
        let registry = try profile.openExistingRegistry()
        let difference =
            try registry?.difference(to: project.applied)
            ?? ProjectDifference(from: nil, to: project.applied, models: [])
        if difference.isEmpty { throw nothingToApply(project, profile) }
        let report = DifferenceReport(difference)
        let advice =
            difference.breakages.isEmpty
            ? "'roost apply' does it" : "'roost apply --allow-breaking' does it"
        return Outcome(
            lines: report.lines + ["", console.bold("\(difference.summary); \(advice)")],
            members: [
                JSONMember(name: "project", value: .string(project.plan.name)),
                JSONMember(name: "registry", value: .string(profile.registryPath)),
            ] + report.members)
    }

    static let apply = Command(
        specification: CommandSpecification(
            name: "apply", summary: "Record the definitions as what holds unless that breaks.",
            options: [
                projectOption, profileOption,
                Option(flag: "--allow-breaking", "go on although something stops working"),
            ], example: "roost apply")
    ) { arguments, console in
        let project = try Project(folder: arguments.projectFolder)
        let profile = try arguments.profile()
        let outcome = try profile.openRegistry().apply(
            project.applied, files: project.appliedFiles,
            allowingBreaking: arguments.has("--allow-breaking"), at: Machine.now)
        var members = [
            JSONMember(name: "project", value: .string(project.plan.name)),
            JSONMember(name: "registry", value: .string(profile.registryPath)),
        ]
        switch outcome {
        case .unchanged: throw nothingToApply(project, profile)
        case .refused(let difference):
            let report = DifferenceReport(difference)
            let count = difference.breakages.count
            let line =
                "\(console.alarming("error:")) \(count) \(count == 1 ? "thing" : "things") would "
                + "break; nothing was applied\n  hint: keep what is used, or run "
                + "'roost apply --allow-breaking'"
            console.complain(line)
            return Outcome(
                exitCode: 2, status: "refused", lines: report.lines,
                members: members + report.members)
        case .applied(let number, let difference):
            let report = DifferenceReport(difference)
            members.append(JSONMember(name: "apply", value: .count(number)))
            let summary = console.bold("apply \(number) of \(project.plan.name): ")
            return Outcome(
                lines: report.lines + ["", summary + difference.summary],
                members: members + report.members)
        }
    }

    private static func nothingToApply(_ project: Project, _ profile: Profile) -> JobError {
        JobError(
            .nothingToDo,
            "\(profile.registryPath) holds the definitions of "
                + "\(project.plan.name) as they are")
    }
}

extension Profile {
    /// The registry, for people.
    var registryPath: String {
        switch registry {
        case .sqlite(let path): path
        case .postgres(let address): SQLRegistry.place(ofServer: address)
        }
    }
}
