/// What `roost import csv` is asked to do.
public struct ImportOptions: Hashable, Sendable {
    /// The CSV files, plain or gzip.
    public var files: [String]
    /// The target folder; nil = where the source's batch rows are.
    public var target: String?
    /// How text becomes values.
    public var csv = CSVOptions()
    /// How many bad rows are tolerated.
    public var maxBadRows = 0
    /// How rows are spread over folders.
    public var partition = ImportPartition.none
    /// How many threads parse at a time.
    public var workers = 1

    /// Makes options for the import of `files`.
    public init(files: [String]) {
        self.files = files
    }
}
