import Arguments
import Jobs

extension Command {
    static let explain = Command(
        specification: CommandSpecification(
            name: "explain", summary: "Show what a service, view, feature or source means.",
            operands: [Operand("NAME", "a service, view, source, or view.feature")],
            options: [projectOption], example: "roost explain arrival_delay")
    ) { arguments, _ in
        let project = try Project(folder: arguments.projectFolder)
        let lines = try project.explanation(of: arguments.operands[0])
        return Outcome(
            lines: lines,
            members: [
                JSONMember(name: "name", value: .string(arguments.operands[0])),
                JSONMember(name: "lines", value: .array(lines.map(JSONValue.string))),
            ])
    }
}
