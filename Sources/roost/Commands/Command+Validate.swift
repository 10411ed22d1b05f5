import Arguments
import Jobs
import Planning

extension Command {
    static let validate = Command(
        specification: CommandSpecification(
            name: "validate", summary: "Check the definitions of a project.",
            options: [projectOption], example: "roost validate --project examples/nyc")
    ) { arguments, console in
        let (project, pipelines) = try Project.checked(folder: arguments.projectFolder)
        let plan = project.plan
        let features = plan.views.reduce(0) { $0 + $1.features.count }
        var table = TextTable(header: ["service", "features", "views"])
        for service in plan.services {
            let views = Set(service.lookups.map(\.view.name)).count
            let count = service.features.count + service.derived.count
            table.add([service.name, String(count), String(views)])
        }
        let summary =
            "\(plan.name): \(plan.entities.count.of("entity", "entities")), "
            + "\(plan.sources.count.of("source")), \(plan.views.count.of("view")) with "
            + "\(features.of("feature")), \(plan.services.count.of("service")), "
            + "\(pipelines.count.of("pipeline")): all valid"
        return Outcome(
            lines: table.lines + ["", console.bold(summary)],
            members: [
                JSONMember(name: "project", value: .string(plan.name)),
                JSONMember(name: "entities", value: .count(plan.entities.count)),
                JSONMember(name: "sources", value: .count(plan.sources.count)),
                JSONMember(name: "views", value: .count(plan.views.count)),
                JSONMember(name: "features", value: .count(features)),
                JSONMember(name: "services", value: .count(plan.services.count)),
                JSONMember(name: "pipelines", value: .count(pipelines.count)),
            ])
    }
}
