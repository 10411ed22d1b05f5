/// A training pipeline, as written: which service's features, for which rows.
public struct PipelineDefinition: Hashable, Sendable {
    /// The pipeline's name.
    public var name: Name
    /// The service that is trained on.
    public var service: Name
    /// The rows that are trained on.
    public var spine: SpineDefinition
    /// How a model is trained on them; nil when the pipeline only selects rows.
    public var training: TrainingDefinition?
    /// For people.
    public var annotations: Annotations

    /// Makes a pipeline.
    public init(
        name: Name, service: Name, spine: SpineDefinition,
        training: TrainingDefinition? = nil, annotations: Annotations = Annotations()
    ) {
        self.name = name
        self.service = service
        self.spine = spine
        self.training = training
        self.annotations = annotations
    }
}

/// The rows a training set is built for, as written.
public struct SpineDefinition: Hashable, Sendable {
    /// The source they are read from.
    public var source: Name
    /// The column with the asking time.
    public var time: Name
    /// Which rows are kept.
    public var filter: ExpressionText?
    /// The columns that the data set starts with; empty = all.
    public var columns: [Name]

    /// Makes a spine.
    public init(source: Name, time: Name, filter: ExpressionText? = nil, columns: [Name] = []) {
        self.source = source
        self.time = time
        self.filter = filter
        self.columns = columns
    }
}
