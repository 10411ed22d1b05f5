/// What one command accepts, declared once: parsing, `--help` and hints all come from it.
public struct CommandSpecification: Sendable {
    /// The words that select it, for example `import csv`.
    public let name: String
    /// One sentence for the list of commands.
    public let summary: String
    /// The operands, in order; only the last may repeat.
    public let operands: [Operand]
    /// The options, without those that every command has.
    public let options: [Option]
    /// A command line that works in a project, shown by `--help`.
    public let example: String

    /// Declares a command.
    public init(
        name: String, summary: String, operands: [Operand] = [], options: [Option] = [],
        example: String
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        self.options = options
        self.example = example
    }
}

/// A word that stands by itself on the command line, such as a file.
public struct Operand: Sendable {
    /// How `--help` calls it, for example `FILE`.
    public let name: String
    /// What it is.
    public let summary: String
    /// Whether one or more may be given.
    public let repeats: Bool
    /// Whether it may be left out; only the last one may.
    public let isOptional: Bool

    /// Declares an operand.
    public init(
        _ name: String, _ summary: String, repeats: Bool = false, isOptional: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.repeats = repeats
        self.isOptional = isOptional
    }
}

/// A word beginning with `--`, with or without a value.
public struct Option: Sendable {
    /// The spelling, with its dashes.
    public let name: String
    /// How `--help` calls its value; nil for a flag.
    public let value: String?
    /// What it does.
    public let summary: String
    /// Whether the command cannot work without it.
    public let isRequired: Bool
    /// Whether it may be given more than once.
    public let repeats: Bool

    /// Declares an option with a value.
    public init(
        _ name: String, value: String, _ summary: String, isRequired: Bool = false,
        repeats: Bool = false
    ) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRequired = isRequired
        self.repeats = repeats
    }

    /// Declares a flag.
    public init(flag name: String, _ summary: String) {
        self.name = name
        value = nil
        self.summary = summary
        isRequired = false
        repeats = false
    }
}
