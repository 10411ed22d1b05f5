import Arguments
import Jobs

extension Command {
    static let initialise = Command(
        specification: CommandSpecification(
            name: "init", summary: "Make a small project that works, to start from.",
            operands: [Operand("DIR", "the folder to make")], example: "roost init shop")
    ) { arguments, _ in
        let folder = arguments.operands[0]
        let files = try NewProject(folder: folder).write()
        return Outcome(
            lines: files.map { "wrote \(folder)/\($0)" } + [
                "", "try it:", "  cd \(folder)", "  roost validate",
                "  roost import csv input/orders.csv --source orders",
                "  roost import csv input/visits.csv --source visits",
                "  roost dataset next_order --spine pipelines/next_order.yaml "
                    + "--out data/training.parquet --sample 4",
            ],
            members: [
                JSONMember(name: "folder", value: .string(folder)),
                JSONMember(name: "files", value: .array(files.map(JSONValue.string))),
            ])
    }
}
