public import Planning

/// What `roost dataset` is asked to do.
public struct DatasetOptions: Hashable, Sendable {
    /// The file to write.
    public var output: String
    /// The spine's column of asking times; nil = `timestamp`, or what the pipeline says.
    public var time: String?
    /// Whether a row at the asking time itself is seen.
    public var isInclusive = false
    /// Whether spine rows later than a source is complete to are kept.
    public var allowsIncomplete = false
    /// Whether features are named without their view, where that is unique.
    public var usesShortNames = false
    /// Which state of the offline store the rows are taken from; nil = the sources' own files.
    public var knownAt: KnownPoint?
    /// How many rows the report shows.
    public var sampleRows = 0
    /// Whether the data set is written although nothing changed.
    public var isForced = false
    /// How many threads work at a time.
    public var workers = 1

    /// Makes options for a data set at `output`.
    public init(output: String) {
        self.output = output
    }
}

/// Which rows a data set is built for.
public enum DatasetSpine: Hashable, Sendable {
    /// The rows of a Parquet file or folder.
    case path(String)
    /// The rows that a training pipeline selects.
    case pipeline(SpinePlan)
}
