/// The tables of an SQLite registry, as a list of steps from an empty file.
///
/// `user_version` counts the steps taken. A step is never changed once it was released; a change
/// of the tables is another step.
enum RegistrySchema {
    /// Marks the file as a registry: "Rost" in ASCII.
    static let applicationIdentifier: Int64 = 0x526F_7374

    /// The script of each step.
    static let steps = [definitions + history, generationBytes, quality]

    private static let generationBytes = "ALTER TABLE generations ADD COLUMN bytes INTEGER"

    private static let quality = """
        CREATE TABLE quality_runs (
            number INTEGER PRIMARY KEY, source TEXT NOT NULL, command TEXT NOT NULL, span INTEGER,
            identity BLOB NOT NULL CHECK (length(identity) = 32), is_stopped INTEGER NOT NULL,
            read_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX quality_runs_of_source ON quality_runs (source, number);
        CREATE TABLE quality_rows (
            run INTEGER NOT NULL REFERENCES quality_runs ON DELETE CASCADE,
            subject TEXT NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (run, subject)
        ) STRICT;
        CREATE TABLE quality_results (
            run INTEGER NOT NULL REFERENCES quality_runs ON DELETE CASCADE,
            position INTEGER NOT NULL, subject TEXT NOT NULL, expectation TEXT NOT NULL,
            action TEXT NOT NULL, verdict TEXT NOT NULL, rows INTEGER NOT NULL,
            broken INTEGER NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (run, position)
        ) STRICT;
        CREATE TABLE column_profiles (
            run INTEGER NOT NULL REFERENCES quality_runs ON DELETE CASCADE,
            position INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
            profile BLOB NOT NULL, PRIMARY KEY (run, position)
        ) STRICT;

        """

    private static let definitions = """
        CREATE TABLE project (name TEXT NOT NULL) STRICT;
        CREATE TABLE applies (
            number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL, summary TEXT NOT NULL,
            is_breaking INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE files (
            position INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE definitions (
            digest BLOB PRIMARY KEY CHECK (length(digest) = 32), text TEXT NOT NULL,
            first_apply INTEGER NOT NULL REFERENCES applies
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE entities (name TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE) STRICT;
        CREATE TABLE entity_keys (
            entity TEXT NOT NULL REFERENCES entities ON DELETE CASCADE,
            position INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
            PRIMARY KEY (entity, position)
        ) STRICT;
        CREATE TABLE views (
            name TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE,
            entity TEXT NOT NULL REFERENCES entities
        ) STRICT;
        CREATE TABLE features (
            view TEXT NOT NULL REFERENCES views ON DELETE CASCADE, position INTEGER NOT NULL,
            name TEXT NOT NULL, type TEXT NOT NULL, digest BLOB NOT NULL REFERENCES definitions,
            PRIMARY KEY (view, position), UNIQUE (view, name)
        ) STRICT;
        CREATE TABLE services (
            name TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, identity BLOB NOT NULL
        ) STRICT;
        CREATE TABLE service_request (
            service TEXT NOT NULL REFERENCES services ON DELETE CASCADE,
            position INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
            PRIMARY KEY (service, position)
        ) STRICT;
        CREATE TABLE service_outputs (
            service TEXT NOT NULL REFERENCES services ON DELETE CASCADE,
            position INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
            digest BLOB NOT NULL REFERENCES definitions, origin TEXT,
            PRIMARY KEY (service, position), UNIQUE (service, name)
        ) STRICT;

        """

    private static let history = """
        CREATE TABLE intervals (
            view TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
            identity BLOB NOT NULL CHECK (length(identity) = 32),
            state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stale')),
            token BLOB, machine TEXT, process INTEGER, process_start INTEGER, lease_end INTEGER,
            rows INTEGER, changed_at INTEGER NOT NULL,
            PRIMARY KEY (view, starts_at, ends_at), CHECK (starts_at < ends_at),
            CHECK ((state = 'running') = (token IS NOT NULL))
        ) STRICT;
        CREATE TABLE generations (
            view TEXT NOT NULL, id INTEGER NOT NULL, identity BLOB NOT NULL, cut INTEGER,
            state TEXT NOT NULL CHECK (state IN ('building', 'live', 'retired', 'abandoned')),
            entities INTEGER, started_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
            PRIMARY KEY (view, id)
        ) STRICT;
        CREATE UNIQUE INDEX one_live_generation ON generations (view) WHERE state = 'live';
        CREATE TABLE data_sets (
            number INTEGER PRIMARY KEY, identity BLOB NOT NULL, path TEXT NOT NULL,
            service TEXT NOT NULL, service_identity BLOB NOT NULL, rows INTEGER NOT NULL,
            written_at INTEGER NOT NULL, UNIQUE (identity, path)
        ) STRICT;
        CREATE TABLE models (
            number INTEGER PRIMARY KEY, package BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
            path TEXT NOT NULL, service TEXT NOT NULL, service_identity BLOB NOT NULL,
            data_set BLOB, registered_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE model_features (
            model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
            position INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (model, position)
        ) STRICT;
        CREATE TABLE model_metrics (
            model INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
            name TEXT NOT NULL, value REAL, PRIMARY KEY (model, name)
        ) STRICT;
        CREATE TABLE alias_moves (
            alias TEXT NOT NULL, number INTEGER NOT NULL,
            package BLOB NOT NULL REFERENCES models (package), moved_at INTEGER NOT NULL,
            came_from INTEGER, PRIMARY KEY (alias, number)
        ) STRICT;
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, started_at INTEGER NOT NULL,
            ended_at INTEGER, exit_code INTEGER
        ) STRICT;
        CREATE TABLE run_parameters (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (run, name)
        ) STRICT;
        CREATE TABLE run_metrics (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, name TEXT NOT NULL,
            value REAL, PRIMARY KEY (run, name)
        ) STRICT;

        """
}
