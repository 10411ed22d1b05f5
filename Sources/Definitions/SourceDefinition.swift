public import Values

/// Rows with an event time, in batch, as a stream, or both.
public struct SourceDefinition: Hashable, Sendable {
    /// The source's name.
    public var name: Name
    /// The column that says when a row happened.
    public var eventTime: Name
    /// The column that says when a row became known.
    public var knownAt: Name?
    /// The declared columns.
    public var schema: [ColumnDefinition]
    /// The columns computed on reading.
    public var computed: [NamedExpression]
    /// Where batch rows are.
    public var batch: BatchDefinition?
    /// The topic of the stream side.
    public var kafka: KafkaDefinition?
    /// Up to when the batch side is complete.
    public var completeTo: Located<EventTime>?
    /// The zone of timestamps that have none.
    public var zone: Name?
    /// What its rows are expected to be.
    public var expectations: [ExpectationDefinition]
    /// For people.
    public var annotations: Annotations

    /// Makes a source.
    public init(
        name: Name, eventTime: Name, knownAt: Name? = nil, schema: [ColumnDefinition],
        computed: [NamedExpression] = [], batch: BatchDefinition? = nil,
        kafka: KafkaDefinition? = nil,
        completeTo: Located<EventTime>? = nil, zone: Name? = nil,
        expectations: [ExpectationDefinition] = [], annotations: Annotations = Annotations()
    ) {
        self.name = name
        self.eventTime = eventTime
        self.knownAt = knownAt
        self.schema = schema
        self.computed = computed
        self.batch = batch
        self.kafka = kafka
        self.completeTo = completeTo
        self.zone = zone
        self.expectations = expectations
        self.annotations = annotations
    }
}

/// The stream side of a source.
public struct KafkaDefinition: Hashable, Sendable {
    /// The topic.
    public var topic: Name
    /// How records are written, such as `json`.
    public var format: Name
    /// The columns whose value is the record's key; empty when unknown.
    public var keyedBy: [Name]
    /// The declared columns that are taken from beside the value of a record.
    public var recordColumns: [RecordColumnDefinition]

    /// Makes a stream side.
    public init(
        topic: Name, format: Name, keyedBy: [Name] = [],
        recordColumns: [RecordColumnDefinition] = []
    ) {
        self.topic = topic
        self.format = format
        self.keyedBy = keyedBy
        self.recordColumns = recordColumns
    }
}
