import Arguments
import Jobs

extension Command {
    static let schema = Command(
        specification: CommandSpecification(
            name: "schema", summary: "Print the JSON Schema of definition files, for editors.",
            operands: [
                Operand(
                    "KIND", "definitions or pipelines; definitions unless given", isOptional: true)
            ], example: "roost schema definitions > definitions.schema.json")
    ) { arguments, _ in
        let names = DefinitionSchema.allCases.map(\.rawValue)
        let name = arguments.operands.first ?? names[0]
        guard let schema = DefinitionSchema(rawValue: name) else {
            throw JobError(
                .usage, "there is no schema '\(name)'",
                hint: "the schemas are \(names.joined(separator: " and "))")
        }
        var text = schema.json.document
        text.removeLast()
        return Outcome(lines: [text], members: [JSONMember(name: "schema", value: schema.json)])
    }
}
