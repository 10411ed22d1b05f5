import Arguments
import Columns
import Jobs
import Lookup
import Planning
import States
import Stores
import Values

extension Command {
    static let get = Command(
        specification: CommandSpecification(
            name: "get", summary: "Look the features of one row up in the online store.",
            operands: [
                Operand("SERVICE", "the feature service"),
                Operand("NAME=VALUE", "its join keys and request columns", repeats: true),
            ],
            options: [
                Option("--clock", value: "TIME", "ask at this time instead of at the clock's"),
                projectOption,
                profileOption,
            ],
            example: "roost get arrival_delay carrier=UA origin=EWR dest=ORD tailnum=N14228 "
                + "--clock 2013-12-01T12:00:00Z")
    ) { arguments, console in
        let watch = Stopwatch()
        let project = try arguments.appliedProject(console)
        let service = try project.service(named: arguments.operands[0])
        let profile = try arguments.profile()
        let store = try profile.openExistingOnlineStore(project: project.plan.name)
        try project.requireNewest(
            service.lookups.map(\.view), in: store, registry: profile.openRegistry())
        let now = try arguments.time("--clock") ?? Machine.now
        let answer = try GetJob(service: service, store: store)
            .run(Array(arguments.operands.dropFirst()), now: now)
        return Outcome(
            lines: table(answer) + [""] + cutTable(answer)
                + [console.bold("asked at \(now), answered in \(watch.summary)")],
            members: members(answer, now: now))
    }

    private static func table(_ answer: LookupAnswer) -> [String] {
        var table = TextTable(header: ["feature", "value", "status", "newest row"])
        for (index, field) in answer.fields.enumerated() {
            table.add([
                field.name, JSONValue(answer.columns[index].scalar(at: 0)).line,
                answer.statuses[index][0].rawValue,
                answer.eventTimes[index][0]?.description ?? "",
            ])
        }
        return table.lines
    }

    private static func cutTable(_ answer: LookupAnswer) -> [String] {
        var table = TextTable(header: ["view", "generation", "as of", "schedule"])
        for view in answer.views {
            let schedule = view.scheduledCut.map { view.isOffSchedule ? "wants \($0)" : "kept" }
            table.add([
                view.view, "\(view.generation)", view.cut.description, schedule ?? "stream",
            ])
        }
        return table.lines + [""]
    }

    private static func members(_ answer: LookupAnswer, now: EventTime) -> [JSONMember] {
        let features = answer.fields.indices.map { index in
            JSONValue.object([
                "name": .string(answer.fields[index].name),
                "value": JSONValue(answer.columns[index].scalar(at: 0)),
                "status": .string(answer.statuses[index][0].rawValue),
                "event_time": .optional(answer.eventTimes[index][0]?.description),
            ])
        }
        let views = answer.views.map { view in
            JSONValue.object([
                "view": .string(view.view),
                "generation": .integer(Int64(clamping: view.generation)),
                "cut": .string(view.cut.description),
                "scheduled_cut": .optional(view.scheduledCut?.description),
            ])
        }
        return [
            JSONMember(name: "clock", value: .string(now.description)),
            JSONMember(name: "features", value: .array(features)),
            JSONMember(name: "views", value: .array(views)),
        ]
    }
}
