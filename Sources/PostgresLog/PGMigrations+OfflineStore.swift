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
            """,
            // Rows of streams. Pieces of partition p stand in event_chunk as those of version -1 - p.
            """
            ALTER TABLE event_commit ADD COLUMN steps bigint NOT NULL DEFAULT 0;
            CREATE TABLE event_stream (
                source text PRIMARY KEY,
                cut_us bigint NOT NULL,
                steps bigint NOT NULL,
                columns text NOT NULL);
            CREATE TABLE event_checkpoint (
                source text NOT NULL,
                partition integer NOT NULL,
                owner text,
                next bigint NOT NULL,
                chunks integer NOT NULL,
                PRIMARY KEY (source, partition));
            CREATE TABLE event_step (
                source text NOT NULL,
                number bigint NOT NULL,
                partition integer NOT NULL,
                end_chunk integer NOT NULL,
                from_offset bigint NOT NULL,
                to_offset bigint NOT NULL,
                published_us bigint NOT NULL,
                PRIMARY KEY (source, number));
            CREATE TABLE event_dead_letter (
                number bigint GENERATED ALWAYS AS IDENTITY,
                source text NOT NULL,
                partition integer NOT NULL,
                record_offset bigint NOT NULL,
                timestamp_us bigint,
                key bytea,
                value bytea,
                reason text NOT NULL);
            CREATE INDEX ON event_dead_letter (source, number);
            """,
        ])
}
