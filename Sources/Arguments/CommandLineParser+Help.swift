extension CommandLineParser {
    /// The list of commands.
    public var overview: String {
        let width = commands.map(\.name.count).max() ?? 0
        var lines = [summary, "", "Usage: \(program) COMMAND [OPTIONS]", ""]
        for command in commands {
            lines.append("  \(command.name.padded(to: width))  \(command.summary)")
        }
        lines += [
            "", "'\(program) COMMAND --help' shows a command's options and an example.",
            "'\(program) --version' shows the version.",
        ]
        return lines.joined(separator: "\n")
    }

    /// The operands, options and an example of `command`.
    public func help(for command: CommandSpecification) -> String {
        var usage = "Usage: \(program) \(command.name)"
        for operand in command.operands {
            let name = operand.name + (operand.repeats ? "..." : "")
            usage += operand.isOptional ? " [\(name)]" : " \(name)"
        }
        for option in command.options where option.isRequired { usage += " \(option.label)" }
        usage += " [OPTIONS]"
        let entries =
            command.operands.map { ($0.name, $0.summary) }
            + (command.options + commonOptions).map { ($0.label, $0.summary) }
        let width = entries.map(\.0.count).max() ?? 0
        var lines = [command.summary, "", usage, ""]
        for (label, summary) in entries { lines.append("  \(label.padded(to: width))  \(summary)") }
        lines += ["", "Example:", "  \(command.example)"]
        return lines.joined(separator: "\n")
    }
}

extension Option {
    fileprivate var label: String { value.map { "\(name) \($0)" } ?? name }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
