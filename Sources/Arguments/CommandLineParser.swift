import Values

/// Reads the words of a command line under a list of command specifications.
public struct CommandLineParser: Sendable {
    /// What the words ask for.
    public enum Request: Sendable {
        /// Run the command of that name.
        case run(command: String, arguments: ParsedArguments)
        /// Print this text and do nothing else.
        case help(String)
        /// Print the version and do nothing else.
        case version
    }

    let program: String
    let summary: String
    let commands: [CommandSpecification]
    let commonOptions: [Option]

    /// Makes a parser for `program`; `commonOptions` belong to every command.
    public init(
        program: String, summary: String, commands: [CommandSpecification],
        commonOptions: [Option]
    ) {
        self.program = program
        self.summary = summary
        self.commands = commands
        self.commonOptions = commonOptions
    }

    /// Reads `words`, which do not include the program's own name.
    ///
    /// - Throws: an error that names the wrong word and the nearest right one.
    public func parse(_ words: [String]) throws(ArgumentError) -> Request {
        guard let first = words.first else { return .help(overview) }
        if first == "--version" { return .version }
        if first == "--help" || first == "-h" || first == "help" { return help(on: words) }
        let command = try self.command(for: words)
        let rest = words.dropFirst(command.name.split(separator: " ").count)
        let beforeDashes = rest.prefix { $0 != "--" }
        if beforeDashes.contains("--help") || beforeDashes.contains("-h") {
            return .help(help(for: command))
        }
        return .run(command: command.name, arguments: try parse(Array(rest), for: command))
    }

    private func help(on words: [String]) -> Request {
        let topic = words.dropFirst().joined(separator: " ")
        return .help(commands.first { $0.name == topic }.map(help(for:)) ?? overview)
    }

    private func command(for words: [String]) throws(ArgumentError) -> CommandSpecification {
        let match = commands.first { command in
            let parts = command.name.split(separator: " ").map(String.init)
            return words.starts(with: parts)
        }
        if let match { return match }
        let typed = words.prefix(2).joined(separator: " ")
        let guess =
            nearestName(to: words[0], among: commands.map(\.name))
            ?? nearestName(to: typed, among: commands.map(\.name))
            ?? commands.first { command in
                let first = command.name.prefix { $0 != " " }
                return nearestName(to: words[0], among: [String(first)]) != nil
            }?.name
        throw ArgumentError(
            "there is no command '\(words[0])'",
            hint: guess.map { "did you mean '\(program) \($0)'?" }
                ?? "'\(program) --help' lists the commands")
    }

    private func parse(
        _ words: [String], for command: CommandSpecification
    ) throws(ArgumentError) -> ParsedArguments {
        var arguments = ParsedArguments()
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            if word == "--" {
                arguments.operands += words[index...]
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                arguments.operands.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let option = try option(String(parts[0]), of: command)
            var inlineValue = parts.count == 2 ? String(parts[1]) : nil
            if option.value != nil, inlineValue == nil, index < words.count {
                inlineValue = words[index]
                index += 1
            }
            try add(inlineValue, to: option, of: command, in: &arguments)
        }
        try check(arguments, against: command)
        return arguments
    }

    private func option(
        _ name: String, of command: CommandSpecification
    ) throws(ArgumentError) -> Option {
        let options = command.options + commonOptions
        if let option = options.first(where: { $0.name == name }) { return option }
        throw ArgumentError(
            "'\(program) \(command.name)' has no option '\(name)'",
            hint: nearestName(to: name, among: options.map(\.name)).map { "did you mean \($0)?" }
                ?? "'\(program) \(command.name) --help' lists the options")
    }

    private func add(
        _ value: String?, to option: Option, of command: CommandSpecification,
        in arguments: inout ParsedArguments
    ) throws(ArgumentError) {
        let help = "see '\(program) \(command.name) --help'"
        if let placeholder = option.value, value == nil {
            throw ArgumentError("\(option.name) needs a value: \(placeholder)", hint: help)
        }
        if option.value == nil, value != nil {
            throw ArgumentError("\(option.name) takes no value", hint: help)
        }
        if !option.repeats, arguments.has(option.name) {
            throw ArgumentError("\(option.name) is given twice", hint: "keep one of the two")
        }
        arguments.values[option.name, default: []] += [value].compactMap(\.self)
    }

    private func check(
        _ arguments: ParsedArguments, against command: CommandSpecification
    ) throws(ArgumentError) {
        let help = "see '\(program) \(command.name) --help'"
        let missing = command.operands.dropFirst(arguments.operands.count).first
        if let missing, !missing.isOptional {
            throw ArgumentError("\(missing.name) is missing: \(missing.summary)", hint: help)
        }
        let last = command.operands.last
        if last?.repeats != true, arguments.operands.count > command.operands.count {
            let extra = arguments.operands[command.operands.count]
            throw ArgumentError("'\(extra)' is one word too many", hint: help)
        }
        for option in command.options where option.isRequired && !arguments.has(option.name) {
            throw ArgumentError("\(option.name) is missing: \(option.summary)", hint: help)
        }
    }
}
