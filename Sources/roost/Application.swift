import Arguments
import Jobs
import Parquet
import PointInTime

/// The command line program: parses, runs one command, tells what became of it.
struct Application {
    static let version = "0.1.0"

    let console = Console()

    /// Runs `words`, the command line without the program's name, and returns the exit code.
    func run(_ words: [String]) -> Int32 {
        let isJSON = words.contains("--json")
        let parser = CommandLineParser(
            program: "roost", summary: "Roost: features that are the same number everywhere.",
            commands: Command.all.map(\.specification), commonOptions: Command.commonOptions)
        var name = words.first ?? ""
        do {
            switch try parser.parse(words) {
            case .version: console.print("roost \(Self.version)")
            case .help(let text): console.print(text)
            case .run(let command, let arguments):
                name = command
                return try run(command, arguments, isJSON: isJSON)
            }
            return 0
        } catch {
            let failure = Failure(error)
            if isJSON {
                console.print(failure.json(command: name).line)
            }
            failure.tell(console)
            return failure.exitCode
        }
    }

    private func run(
        _ name: String, _ arguments: ParsedArguments, isJSON: Bool
    ) throws -> Int32 {
        guard let command = Command.all.first(where: { $0.specification.name == name }) else {
            return 0
        }
        let outcome = try run(command, arguments)
        if isJSON {
            let start = [
                JSONMember(name: "command", value: .string(name)),
                JSONMember(name: "status", value: .string(outcome.status)),
            ]
            console.print(JSONValue.object(start + outcome.members).line)
        } else {
            for line in outcome.lines { console.print(line) }
        }
        return outcome.exitCode
    }

    private func run(_ command: Command, _ arguments: ParsedArguments) throws -> Outcome {
        guard command.isRecorded,
            let recorded = try RecordedRun(command.specification.name, arguments)
        else { return try command.run(arguments, console) }
        do {
            let outcome = try command.run(arguments, console)
            try recorded.end(outcome)
            return outcome
        } catch {
            recorded.end(error)
            throw error
        }
    }
}
