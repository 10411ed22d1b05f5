/// The tables of one schema, version by version. A version that was released is never changed; the
/// next one says what becomes of it. `SCHEMA.migration` says which were made.
public struct PGMigrations: Sendable {
    private let schema: String
    private let versions: [String]

    /// Names a schema, and the script that makes each version of its tables of the one before; a
    /// script begins in that schema.
    public init(schema: String, versions: [String]) {
        self.schema = schema
        self.versions = versions
    }

    /// Whether there are any of the tables.
    public func isBegun(on connection: PGConnection) throws(PostgresError) -> Bool {
        try version(connection) > 0
    }

    /// Brings the tables to the newest version, in one transaction. Needs no right to make anything
    /// where they are there.
    ///
    /// - Throws: `laterVersion` for tables of a later release.
    public func run(on connection: PGConnection) throws(PostgresError) {
        if try version(connection) == versions.count { return }
        try connection.transaction { () throws(PostgresError) in
            // Two programs that start at once must not both make the tables.
            try connection.run(
                "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                ["\(schema) migration"])
            let present = try version(connection)
            guard present <= versions.count else {
                throw PostgresError(
                    .laterVersion,
                    "the tables in \(connection.place) are of version \(present), this release "
                        + "knows \(versions.count)", hint: "use the newer release")
            }
            if present == 0 { try begin(connection) }
            try connection.run("SET LOCAL search_path = \(schema)")
            for version in present..<versions.count {
                try connection.runAll(versions[version])
                try connection.run(
                    "INSERT INTO \(schema).migration (version) VALUES ($1)", ["\(version + 1)"])
            }
        }
    }

    private func begin(_ connection: PGConnection) throws(PostgresError) {
        // Where an owner made the schema ahead, the right to make schemas is not needed.
        let known = try connection.run(
            "SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema])
        if known.isEmpty { try connection.run("CREATE SCHEMA \(schema)") }
        try connection.run(
            """
            CREATE TABLE IF NOT EXISTS \(schema).migration (
                version integer PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT now())
            """)
    }

    /// The version that this release makes.
    public var newest: Int { versions.count }

    /// The version that is there; 0 when there is none.
    public func version(_ connection: PGConnection) throws(PostgresError) -> Int {
        let table = try connection.run("SELECT to_regclass($1)", ["\(schema).migration"])
        guard table.first?.first??.isEmpty == false else { return 0 }
        let rows = try connection.run("SELECT max(version) FROM \(schema).migration")
        return rows.first?.first?.flatMap { Int($0) } ?? 0
    }
}
