import Arguments
import Testing

private let parser = CommandLineParser(
    program: "roost", summary: "A feature store.",
    commands: [
        CommandSpecification(
            name: "import csv", summary: "Imports.",
            operands: [Operand("FILE", "a CSV file", repeats: true)],
            options: [
                Option("--source", value: "NAME", "the source", isRequired: true),
                Option("--null", value: "TEXT", "a null text", repeats: true),
                Option("--max-bad", value: "N", "how many bad rows are tolerated"),
            ],
            example: "roost import csv a.csv --source s"),
        CommandSpecification(name: "validate", summary: "Checks.", example: "roost validate"),
    ],
    commonOptions: [Option(flag: "--json", "print JSON")])

private func arguments(_ words: String...) throws -> ParsedArguments {
    guard case .run(_, let arguments) = try parser.parse(words) else {
        throw ArgumentError("no command was run", hint: "")
    }
    return arguments
}

private func error(_ words: String...) -> ArgumentError? {
    #expect(throws: ArgumentError.self) { try parser.parse(words) }
}

@Suite("The command line")
struct CommandLineParserTests {
    @Test("Operands and options may stand in any order")
    func anyOrder() throws {
        let parsed = try arguments("import", "csv", "a", "--source", "s", "b", "--json")
        #expect(parsed.operands == ["a", "b"])
        #expect(parsed.value("--source") == "s")
        #expect(parsed.has("--json"))
    }

    @Test("A value may be joined with =, be empty, and repeat where declared")
    func joinedValues() throws {
        let parsed = try arguments("import", "csv", "a", "--source=s=t", "--null=", "--null", "NA")
        #expect(parsed.value("--source") == "s=t")
        #expect(parsed.values("--null") == ["", "NA"])
    }

    @Test("After -- every word is an operand")
    func doubleDash() throws {
        let parsed = try arguments("import", "csv", "--source", "s", "--", "--help")
        #expect(parsed.operands == ["--help"])
    }

    @Test("An unknown option names the nearest one")
    func unknownOption() {
        #expect(error("import", "csv", "a", "--sorce", "s")?.hint == "did you mean --source?")
    }

    @Test("An unknown command names the nearest one")
    func unknownCommand() {
        #expect(error("valdate")?.hint == "did you mean 'roost validate'?")
        #expect(error("import", "cvs")?.hint == "did you mean 'roost import csv'?")
        #expect(error("import")?.hint == "did you mean 'roost import csv'?")
    }

    @Test("Missing and surplus words are refused by name")
    func missingWords() {
        #expect(error("import", "csv", "a")?.message == "--source is missing: the source")
        #expect(error("import", "csv", "--source", "s")?.message == "FILE is missing: a CSV file")
        #expect(error("validate", "x")?.message == "'x' is one word too many")
        #expect(error("import", "csv", "a", "--source")?.message == "--source needs a value: NAME")
        #expect(error("validate", "--json=1")?.message == "--json takes no value")
        #expect(
            error("import", "csv", "a", "--source", "s", "--source", "t")?.message
                == "--source is given twice")
    }

    @Test("A number out of its range is refused")
    func numbers() throws {
        let parsed = try arguments("import", "csv", "a", "--source", "s", "--max-bad", "-1")
        #expect(throws: ArgumentError.self) { try parsed.integer("--max-bad", in: 0...10) }
    }

    @Test("Every command's help shows its example")
    func help() throws {
        guard case .help(let text) = try parser.parse(["import", "csv", "--help"]) else {
            Issue.record("no help")
            return
        }
        #expect(text.contains("roost import csv a.csv --source s"))
        #expect(text.contains("--null TEXT"))
    }
}
