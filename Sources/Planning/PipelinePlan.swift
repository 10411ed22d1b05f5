public import Expressions
public import Values

/// Where a pipeline's spine comes from: the rows a training set is built for.
public struct SpinePlan: Hashable, Sendable {
    /// What is read; only the columns that the spine needs.
    public let source: SourcePlan
    /// The column with the asking time.
    public let time: String
    /// Which rows are kept.
    public let filter: TypedExpression?
    /// The columns that the data set starts with, in order; the time, keys and request columns
    /// of the service are among them.
    public let columns: [Field]

    /// Makes a spine plan.
    public init(source: SourcePlan, time: String, filter: TypedExpression?, columns: [Field]) {
        self.source = source
        self.time = time
        self.filter = filter
        self.columns = columns
    }
}

/// A training pipeline, checked and compiled.
public struct PipelinePlan: Hashable, Sendable {
    /// The pipeline's name.
    public let name: String
    /// The features it trains on.
    public let service: ServicePlan
    /// The rows it trains on.
    public let spine: SpinePlan
    /// How a model is trained on them; nil when the pipeline only selects rows.
    public let training: TrainingPlan?

    /// Makes a pipeline plan.
    public init(
        name: String, service: ServicePlan, spine: SpinePlan, training: TrainingPlan? = nil
    ) {
        self.name = name
        self.service = service
        self.spine = spine
        self.training = training
    }
}
