import Arguments
import Jobs
import Registry

/// A run that the registry remembers: what was asked for, what came of it, what was measured.
///
/// A project whose definitions were never applied has no registry, and none is made for it.
struct RecordedRun {
    private let registry: any RegistryStore
    private let id: Int64

    /// Notes that the command `name` begins; nil when there is no registry.
    init?(_ name: String, _ arguments: ParsedArguments) throws {
        guard let registry = try arguments.profile().openExistingRegistry() else { return nil }
        self.registry = registry
        id = try registry.beginRun(name, parameters: arguments.parameters, at: Machine.now)
    }

    /// Notes that it ended well.
    func end(_ outcome: Outcome) throws {
        var metrics: [String: Double] = [:]
        for member in outcome.members {
            switch member.value {
            case .integer(let number): metrics[member.name] = Double(number)
            case .double(let number): metrics[member.name] = number
            default: break
            }
        }
        try registry.endRun(id, exitCode: outcome.exitCode, metrics: metrics, at: Machine.now)
    }

    /// Notes that it failed. The command's own error is the one to tell of.
    func end(_ error: any Error) {
        try? registry.endRun(
            id, exitCode: Failure(error).exitCode, metrics: [:], at: Machine.now)
    }
}

extension ParsedArguments {
    /// Everything that was written on the command line, by name.
    fileprivate var parameters: [String: String] {
        var parameters: [String: String] = [:]
        for name in optionNames where name != "--json" {
            parameters[String(name.dropFirst(2))] = values(name).joined(separator: " ")
        }
        if !operands.isEmpty { parameters["operands"] = operands.joined(separator: " ") }
        return parameters
    }
}
