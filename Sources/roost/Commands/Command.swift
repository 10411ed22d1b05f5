import Arguments
import DefinitionFiles
import Jobs

/// One command: what it accepts, and what it does.
struct Command: Sendable {
    let specification: CommandSpecification
    /// Whether the registry remembers that it ran.
    var isRecorded = false
    let run: @Sendable (ParsedArguments, Console) throws -> Outcome
}

/// What a command has to say when it is done.
struct Outcome {
    /// The exit code.
    var exitCode: Int32 = 0
    /// What became of it, in a word for programs.
    var status = "ok"
    /// For people.
    var lines: [String]
    /// For programs, after the members that every command has.
    var members: [JSONMember] = []
}

extension Command {
    static let all = [
        initialise, validate, plan, apply, explain, schema, importCSV, publish, devBroker, dataset,
        materialize, get,
        train, models, promote, rollback, serve, status, runs, profile, doctor,
        forget, stream,
    ]

    static let commonOptions = [
        Option(flag: "--json", "print one JSON object on the last line, for programs"),
        Option(flag: "--help", "show this text"),
    ]

    static let projectOption = Option(
        "--project", value: "DIR", "the project folder; the current one unless given")

    static let profileOption = Option(
        "--profile", value: "NAME", "the profile of roost.yaml; 'embedded' unless given")

    static let workersOption = Option(
        "--workers", value: "N", "how many threads to use; all cores unless given")
}

extension ParsedArguments {
    /// The project folder.
    var projectFolder: String { value("--project") ?? "." }

    /// Where the project's stores are.
    func profile() throws -> Profile {
        try Project.profile(named: value("--profile"), folder: projectFolder)
    }

    /// How many threads to use.
    func workers() throws -> Int {
        try integer("--workers", in: 1...1024) ?? Machine.coreCount
    }
}
