import Arguments
import Jobs
import Registry
import Values

extension Command {
    static let runs = Command(
        specification: CommandSpecification(
            name: "runs", summary: "List what was run: data sets, materializations, trainings.",
            options: [
                Option("--last", value: "N", "how many, the newest last; 20 unless given"),
                projectOption, profileOption,
            ], example: "roost runs --last 5")
    ) { arguments, _ in
        let limit = try arguments.integer("--last", in: 1...1_000_000) ?? 20
        let runs = try arguments.profile().openExistingRegistry()?.runs().suffix(limit) ?? []
        var table = TextTable(header: ["run", "command", "began", "seconds", "ended", "asked for"])
        for run in runs {
            table.add([
                "\(run.id)", run.kind, run.startedAt.description,
                run.seconds.map { $0.rounded(to: 2) } ?? "", run.ending, run.request,
            ])
        }
        return Outcome(
            lines: runs.isEmpty ? ["no run yet"] : table.lines,
            members: [JSONMember(name: "runs", value: .array(runs.map(\.json)))])
    }
}

extension RunRecord {
    fileprivate var seconds: Double? {
        endedAt.map { Double($0.microseconds - startedAt.microseconds) / 1e6 }
    }

    /// How it ended, in words.
    fileprivate var ending: String {
        switch exitCode {
        case nil: "running or killed"
        case 0: "done"
        case 99: "nothing to do"
        case .some(let code): "failed (\(code))"
        }
    }

    /// What it was asked for, in the words of the command line.
    fileprivate var request: String {
        let options = parameters.filter { $0.key != "operands" }.sorted { $0.key < $1.key }
            .map { $0.value.isEmpty ? "--\($0.key)" : "--\($0.key) \($0.value)" }
        return ([parameters["operands"]].compactMap { $0 } + options).joined(separator: " ")
    }

    fileprivate var json: JSONValue {
        .object([
            "run": .integer(id), "command": .string(kind),
            "began": .string(startedAt.description),
            "ended": .optional(endedAt?.description),
            "exit": exitCode.map { .integer(Int64($0)) } ?? .null,
            "asked_for": .string(request),
            "metrics": .object(
                metrics.sorted { $0.key < $1.key }.map {
                    JSONMember(name: $0.key, value: .double($0.value))
                }),
        ])
    }
}
