public import Values

/// How a pipeline trains a model, as written.
public struct TrainingDefinition: Hashable, Sendable {
    /// The spine's column that the model learns to predict.
    public var label: Name
    /// The columns that the model does not see.
    public var excluded: [Name]
    /// Which rows are trained on, watched and tested.
    public var split: SplitDefinition
    /// What learns.
    public var trainer: TrainerDefinition

    /// Makes a training definition.
    public init(
        label: Name, excluded: [Name] = [], split: SplitDefinition, trainer: TrainerDefinition
    ) {
        self.label = label
        self.excluded = excluded
        self.split = split
        self.trainer = trainer
    }
}

/// A split by asking time, as written.
public struct SplitDefinition: Hashable, Sendable {
    /// The rows that trees are grown on.
    public var train: IntervalDefinition
    /// The rows that say when to stop.
    public var validate: IntervalDefinition
    /// The rows that the model is judged by.
    public var test: IntervalDefinition
    /// How long a label takes to become known; nil = no time at all.
    public var embargo: Located<EventDuration>?

    /// Makes a split.
    public init(
        train: IntervalDefinition, validate: IntervalDefinition, test: IntervalDefinition,
        embargo: Located<EventDuration>? = nil
    ) {
        self.train = train
        self.validate = validate
        self.test = test
        self.embargo = embargo
    }
}

/// An interval of time, as written: its start belongs to it, its end does not.
public struct IntervalDefinition: Hashable, Sendable {
    /// The start.
    public var from: Located<EventTime>
    /// The end.
    public var to: Located<EventTime>

    /// Makes an interval.
    public init(from: Located<EventTime>, to: Located<EventTime>) {
        self.from = from
        self.to = to
    }
}

/// What learns, as written: settings by name, so that the compiler alone knows their defaults.
public struct TrainerDefinition: Hashable, Sendable {
    /// The kind of model.
    public var kind: Name
    /// What it minimises; nil = what suits the label.
    public var objective: Name?
    /// The numbers that were set.
    public var numbers: [NumberSetting]

    /// Makes a trainer definition.
    public init(kind: Name, objective: Name? = nil, numbers: [NumberSetting] = []) {
        self.kind = kind
        self.objective = objective
        self.numbers = numbers
    }
}

/// One setting that is a number.
public struct NumberSetting: Hashable, Sendable {
    /// Its name.
    public var name: Name
    /// Its text, which the setting's range decides how to read.
    public var text: Name

    /// Makes a setting.
    public init(name: Name, text: Name) {
        self.name = name
        self.text = text
    }
}
