import Postgres

extension PGMigrations {
    /// The tables about the event logs; those of the rows are made source by source.
    static let offlineStore = PGMigrations(
        schema: "roost",
        versions: [
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
        ])
}
