public import Definitions
import Expressions
public import Values

/// What is read from one source.
public struct SourcePlan: Hashable, Sendable {
    /// The source's name.
    public let name: String
    /// The declared columns, in the order of the declaration; in a view's plan only those that
    /// the view needs.
    public let schema: Schema
    /// The computed columns in the order in which they can be computed; in a view's plan only
    /// those that the view needs.
    public let computed: [ComputedColumn]
    /// The column, declared or computed, that says when a row happened.
    public let eventTime: String
    /// The column, declared or computed, that says when a row became known; nil = event time.
    public let knownAt: String?
    /// Where batch rows are; nil when there is no batch side.
    public let batch: BatchPlan?
    /// Where the stream of rows is; nil when there is no stream side.
    public let stream: StreamPlan?
    /// Up to when the source is declared to be complete; nil = nothing is checked.
    public let completeTo: EventTime?
    /// The zone of timestamps without one, as declared; whether it exists is for whoever has the
    /// system's zones to say. nil = columns without a zone are UTC, text without one is refused.
    public let zone: String?
    /// What its rows are expected to be; none in a view's plan.
    public let expectations: [Expectation]
    /// What is said about it for people; part of no digest.
    public var annotations = Annotations()

    /// Makes a source plan.
    public init(
        name: String, schema: Schema, computed: [ComputedColumn], eventTime: String,
        knownAt: String?, batch: BatchPlan?, completeTo: EventTime?, zone: String?,
        expectations: [Expectation] = [], stream: StreamPlan? = nil
    ) {
        self.name = name
        self.schema = schema
        self.computed = computed
        self.eventTime = eventTime
        self.knownAt = knownAt
        self.batch = batch
        self.completeTo = completeTo
        self.zone = zone
        self.expectations = expectations
        self.stream = stream
    }
}

/// Where the batch rows of a source are.
public enum BatchPlan: Hashable, Sendable {
    /// A file or folder, relative to the project folder.
    case parquet(path: String)
    /// A PostgreSQL database.
    case postgres(PostgresRowsPlan)
}

/// Rows in a PostgreSQL database.
public struct PostgresRowsPlan: Hashable, Sendable {
    /// Which rows.
    public enum Rows: Hashable, Sendable {
        /// Those of a table or view, whose schema may stand before it: `sales.orders`.
        case table(String)
        /// Those that a SELECT gives.
        case query(String)
    }

    /// Which rows.
    public let rows: Rows
    /// The name that the profile gives the database; nil = the profile has one only.
    public let database: String?

    /// Makes a place of rows.
    public init(rows: Rows, database: String?) {
        self.rows = rows
        self.database = database
    }
}

extension PostgresRowsPlan: CustomStringConvertible {
    /// The rows and their database, for people.
    public var description: String {
        let place = database.map { " of \($0)" } ?? ""
        switch rows {
        case .table(let name): return "table \(name)\(place)"
        case .query: return "a query\(place)"
        }
    }
}

/// The stream side of a source.
public struct StreamPlan: Hashable, Sendable {
    /// The column that rows of a stream get where their source declares no known-at.
    public static let knownAt = "_known_at"

    /// The topic.
    public let topic: String
    /// How records are written.
    public let format: String
    /// The columns whose values are the record's key; empty when unknown.
    public let keyedBy: [String]
    /// The declared columns that are taken from beside the value of a record.
    public let recordColumns: [RecordColumn]

    /// Makes a stream side.
    public init(
        topic: String, format: String, keyedBy: [String], recordColumns: [RecordColumn] = []
    ) {
        self.topic = topic
        self.format = format
        self.keyedBy = keyedBy
        self.recordColumns = recordColumns
    }

    /// The headers that columns are taken from, each once.
    public var headerNames: [String] {
        var names: [String] = []
        for case .header(let name) in recordColumns.map(\.part) where !names.contains(name) {
            names.append(name)
        }
        return names
    }
}

/// A column that is taken from beside the value of a record.
public struct RecordColumn: Hashable, Sendable {
    /// The column's name.
    public let name: String
    /// What of the record it is.
    public let part: RecordPart

    /// Takes the column `name` from `part`.
    public init(name: String, part: RecordPart) {
        self.name = name
        self.part = part
    }
}

extension SourcePlan {
    /// Where Parquet rows are, relative to the project folder; nil when they are elsewhere.
    public var parquetPath: String? {
        if case .parquet(let path) = batch { path } else { nil }
    }

    /// What is read from PostgreSQL; nil when the rows are elsewhere.
    public var postgresRows: PostgresRowsPlan? {
        if case .postgres(let rows) = batch { rows } else { nil }
    }

    /// Declared and computed columns with their types, in the order in which they come to be.
    public var fields: [Field] {
        schema.fields + computed.map { Field(name: $0.name, type: $0.expression.type) }
    }
}
