public import Values

/// How a model is trained, checked and compiled.
public struct TrainingPlan: Hashable, Sendable {
    /// The column that is predicted.
    public let label: Field
    /// The columns that the model sees, in the service's order: request data, features, derived.
    public let inputs: [ModelInput]
    /// Which rows are trained on, watched and tested.
    public let split: TimeSplit
    /// What learns, with all defaults filled in.
    public let trainer: TrainerSettings

    /// Makes a training plan.
    public init(label: Field, inputs: [ModelInput], split: TimeSplit, trainer: TrainerSettings) {
        self.label = label
        self.inputs = inputs
        self.split = split
        self.trainer = trainer
    }
}

/// One column that a model sees.
public struct ModelInput: Hashable, Sendable {
    /// Where a column comes from.
    public enum Origin: String, Sendable {
        /// The caller brings it along.
        case request
        /// It is a feature of a view.
        case feature
        /// It is computed from others at asking time.
        case derived
    }

    /// The column's name and type in the service's answer.
    public let field: Field
    /// Where it comes from.
    public let origin: Origin
    /// Whether it needs what a view remembers, directly or through others.
    public let isHistoric: Bool

    /// Makes an input.
    public init(field: Field, origin: Origin, isHistoric: Bool) {
        self.field = field
        self.origin = origin
        self.isHistoric = isHistoric
    }
}

/// What learns and how; every value that decides the model.
public struct TrainerSettings: Hashable, Sendable {
    /// What a model minimises.
    public enum Objective: String, CaseIterable, Sendable {
        /// The probability that a label is true.
        case logistic = "binary:logistic"
        /// A number, by its squared error.
        case squaredError = "reg:squarederror"
    }

    /// What is minimised.
    public var objective: Objective
    /// How many rounds of boosting at most.
    public var rounds = 300
    /// After how many rounds without a better validation training stops; 0 = never.
    public var earlyStopping = 20
    /// How much each tree counts.
    public var learningRate = 0.1
    /// How many splits lie between a root and a leaf at most.
    public var depth = 6
    /// How much weight a leaf holds at least.
    public var minChildWeight = 1.0
    /// Which share of the rows a tree sees.
    public var subsample = 1.0
    /// Which share of the columns a tree sees.
    public var columnShare = 1.0
    /// How strongly leaves are drawn to zero.
    public var l2 = 1.0
    /// Into how many quantiles a column is cut at most.
    public var bins = 256
    /// Where random choices start.
    public var seed = 0
    /// How many threads train; part of the result, since it decides the order of sums.
    public var threads = 1

    /// Makes the default settings for an objective.
    public init(objective: Objective) {
        self.objective = objective
    }
}
