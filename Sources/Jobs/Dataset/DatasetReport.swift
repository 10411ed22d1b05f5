public import PointInTime

/// What became of a data set.
public struct DatasetReport: Sendable {
    /// One column of features and how often it is null.
    public struct NullCount: Hashable, Sendable {
        /// The column's name in the data set.
        public let column: String
        /// How many rows are null in it.
        public let nulls: Int
    }

    /// What decided every byte of it, in hexadecimal digits.
    public let identity: String
    /// The file that was written.
    public let output: String
    /// How many rows it has.
    public let rows: Int
    /// How many columns it has.
    public let columns: Int
    /// What the join counted.
    public let join: JoinReport
    /// Nulls per feature, in the order of the columns.
    public let nullCounts: [NullCount]
    /// How many rows the spine was selected from.
    public let spineSourceRows: Int
    /// Some of the rows.
    public let sample: RowSample
    /// What became of expectations, for each source that has some.
    public let quality: [QualityReport]
}

extension DatasetReport {
    /// The report for programs.
    public var members: [JSONMember] {
        [
            JSONMember(name: "output", value: .string(output)),
            JSONMember(name: "rows", value: .count(rows)),
            JSONMember(name: "columns", value: .count(columns)),
            JSONMember(name: "spine_source_rows", value: .count(spineSourceRows)),
            JSONMember(name: "views", value: .array(join.views.map(\.json))),
            JSONMember(name: "nulls", value: .array(nullCounts.map { $0.json(rows: rows) })),
            JSONMember(name: "quality", value: .array(quality.map(\.json))),
        ]
    }
}
