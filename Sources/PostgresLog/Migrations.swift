import Postgres

/// The tables of the offline store, version by version. A version that was released is never
/// changed; the next one says what becomes of it.
enum Migrations {
    /// Two programs that start at once must not both make the tables: the number of an advisory
    /// lock, "roost" in ASCII.
    private static let lock = 0x72_6F_6F_73_74

    private static let versions = [
        """
        CREATE TABLE roost.event_commit (
            source text NOT NULL,
            version integer NOT NULL,
            from_us bigint NOT NULL,
            to_us bigint NOT NULL,
            identity text NOT NULL,
            published_us bigint NOT NULL,
            replaces integer,
            row_count bigint NOT NULL,
            byte_count bigint NOT NULL,
            columns text NOT NULL,
            PRIMARY KEY (source, version));
        CREATE TABLE roost.event_chunk (
            source text NOT NULL,
            version integer NOT NULL,
            chunk integer NOT NULL,
            row_count integer NOT NULL,
            partition text NOT NULL,
            PRIMARY KEY (source, version, chunk));
        """
    ]

    /// Brings the tables to the newest version.
    static func run(on connection: PGConnection) throws(PostgresError) {
        if try version(connection) == versions.count { return }
        try connection.transaction { () throws(PostgresError) in
            try connection.run("SELECT pg_advisory_xact_lock(\(lock))")
            try connection.runAll(
                """
                CREATE SCHEMA IF NOT EXISTS roost;
                CREATE TABLE IF NOT EXISTS roost.migration (
                    version integer PRIMARY KEY,
                    applied_at timestamptz NOT NULL DEFAULT now());
                """)
            let present = try version(connection)
            guard present <= versions.count else {
                throw PostgresError(
                    .schema,
                    "the tables in \(connection.place) are of version \(present), this release "
                        + "knows \(versions.count)", hint: "use the newer release")
            }
            for version in present..<versions.count {
                try connection.runAll(versions[version])
                try connection.run(
                    "INSERT INTO roost.migration (version) VALUES ($1)", ["\(version + 1)"])
            }
        }
    }

    private static func version(_ connection: PGConnection) throws(PostgresError) -> Int {
        let table = try connection.run("SELECT to_regclass('roost.migration')")
        guard table.first?.first??.isEmpty == false else { return 0 }
        let rows = try connection.run("SELECT max(version) FROM roost.migration")
        return rows.first?.first?.flatMap { Int($0) } ?? 0
    }
}
