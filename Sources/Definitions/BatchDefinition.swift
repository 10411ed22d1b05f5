import Values

/// The batch side of a source.
public enum BatchDefinition: Hashable, Sendable {
    /// A file or folder of Parquet rows, relative to the project folder.
    case parquet(Name)
    /// Rows in a PostgreSQL database.
    case postgres(PostgresDefinition)
}

/// Rows in a PostgreSQL database.
public struct PostgresDefinition: Hashable, Sendable {
    /// Which rows.
    public enum Rows: Hashable, Sendable {
        /// Those of a table or view.
        case table(Name)
        /// Those that a SELECT gives.
        case query(Name)
    }

    /// Which rows.
    public var rows: Rows
    /// The name that the profile gives the database; nil = the profile has one only.
    public var database: Name?

    /// Makes a batch side.
    public init(rows: Rows, database: Name? = nil) {
        self.rows = rows
        self.database = database
    }
}
