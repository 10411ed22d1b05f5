import Arguments
import Jobs
import Registry

extension Command {
    static let explain = Command(
        specification: CommandSpecification(
            name: "explain", summary: "Show what a service, view, feature, source or entity means.",
            operands: [
                Operand(
                    "NAME",
                    "a service, view, source, entity or view.feature; with --lineage a "
                        + "view.feature or source.column")
            ],
            options: [
                Option(
                    "--target", value: "T",
                    "show only what 'batch', 'stream' or 'lookup' does with it"),
                Option(
                    flag: "--lineage",
                    "show its columns, or the features, services and models it reaches"),
                projectOption, profileOption,
            ], example: "roost explain arrival_delay --target lookup")
    ) { arguments, _ in
        let project = try Project(folder: arguments.projectFolder)
        let name = arguments.operands[0]
        if arguments.has("--lineage") {
            let models = try arguments.profile().openExistingRegistry()?.models() ?? []
            let report = try project.lineage(of: name, models: models)
            return Outcome(
                lines: report.lines, members: [JSONMember(name: "lineage", value: report.json)])
        }
        let explanation = try project.explanation(of: name, target: try arguments.target())
        return Outcome(
            lines: explanation.lines,
            members: [
                JSONMember(name: "name", value: .string(name)),
                JSONMember(name: "plan", value: explanation.json),
                JSONMember(
                    name: "lines", value: .array(explanation.lines.map(JSONValue.string))),
            ])
    }
}

extension ParsedArguments {
    fileprivate func target() throws -> ExplainTarget? {
        try choice("--target", of: ExplainTarget.allCases.map(\.rawValue))
            .flatMap(ExplainTarget.init(rawValue:))
    }
}
