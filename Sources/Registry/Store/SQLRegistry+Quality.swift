import Values

extension SQLRegistry {
    /// Records what rows were like; see `RegistryStore`.
    public func record(_ run: QualityRun) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            try connection.run(
                """
                DELETE FROM quality_runs
                WHERE source = ?1 AND command = ?2 AND span IS NOT DISTINCT FROM ?3
                AND identity = ?4
                """, [.text(run.source)] + run.kind + [.bytes(run.identity.bytes)])
            let number = try connection.integer(
                """
                INSERT INTO quality_runs (source, command, span, identity, is_stopped, read_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING number
                """,
                [.text(run.source)] + run.kind
                    + [
                        .bytes(run.identity.bytes), .flag(run.isStopped),
                        .integer(run.readAt.microseconds),
                    ])
            try run.insertParts(of: .integer(number), connection)
        }
    }

    /// The latest runs in which a source was read, the newest last.
    public func qualityRuns(
        of source: String, latest limit: Int
    ) throws(RegistryError) -> [QualityRun] {
        try read { connection throws(RegistryError) in
            var runs = try connection.rows(
                """
                SELECT number, command, span, identity, is_stopped, read_at FROM quality_runs
                WHERE source = ?1 ORDER BY number DESC LIMIT ?2
                """, [.text(source), .count(limit)]
            ) { row throws(RegistryError) in
                guard let identity = RecordIdentity(bytes: row.bytes(3)) else {
                    throw RegistryError(
                        .corrupt, "the identity of a run has no 32 bytes", hint: remedyForDamage)
                }
                var run = QualityRun(
                    source: source, command: try row.text(1),
                    span: row.isNull(2) ? nil : EventDuration(microseconds: row.integer(2)),
                    identity: identity, isStopped: row.integer(4) != 0, readAt: row.time(5),
                    rows: [:], results: [], columns: [])
                run.number = row.integer(0)
                return run
            }
            for index in runs.indices { try runs[index].readParts(connection) }
            return runs.reversed()
        }
    }

    /// Removes a column's profile; see `RegistryStore`.
    public func removeProfile(of column: String, run: Int64) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            try connection.run(
                "DELETE FROM column_profiles WHERE run = ?1 AND name = ?2",
                [.integer(run), .text(column)])
        }
    }

    /// How many rows a subject had before; see `RegistryStore`.
    public func earlierRows(
        of subject: String, before run: QualityRun, latest limit: Int
    ) throws(RegistryError) -> [Int] {
        try read { connection throws(RegistryError) in
            try connection.rows(
                """
                SELECT quality_rows.rows FROM quality_rows JOIN quality_runs
                ON quality_rows.run = quality_runs.number
                WHERE subject = ?1 AND source = ?2 AND command = ?3
                AND span IS NOT DISTINCT FROM ?4 AND identity <> ?5 AND is_stopped = 0
                ORDER BY number DESC LIMIT ?6
                """,
                [.text(subject), .text(run.source)] + run.kind
                    + [.bytes(run.identity.bytes), .count(limit)]
            ) { row throws(RegistryError) in row.count(0) }.reversed()
        }
    }
}

extension QualityRun {
    /// What runs that compare with each other share, besides their source.
    fileprivate var kind: [SQLValue] {
        [.text(command), .optional(span?.microseconds)]
    }

    fileprivate func insertParts(
        of number: SQLValue, _ connection: any SQLConnection
    ) throws(RegistryError) {
        for (subject, count) in rows.sorted(by: { $0.key < $1.key }) {
            try connection.run(
                "INSERT INTO quality_rows VALUES (?1, ?2, ?3)",
                [number, .text(subject), .count(count)])
        }
        for (position, result) in results.enumerated() {
            try connection.run(
                "INSERT INTO quality_results VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                [
                    number, .count(position), .text(result.subject), .text(result.expectation),
                    .text(result.action), .text(result.verdict), .count(result.rows),
                    .count(result.broken), .text(result.detail),
                ])
        }
        for (position, column) in columns.enumerated() {
            try connection.run(
                "INSERT INTO column_profiles VALUES (?1, ?2, ?3, ?4, ?5)",
                [
                    number, .count(position), .text(column.name), .text(column.type),
                    .bytes(column.profile),
                ])
        }
    }

    fileprivate mutating func readParts(
        _ connection: any SQLConnection
    ) throws(RegistryError) {
        let counts = try connection.rows(
            "SELECT subject, rows FROM quality_rows WHERE run = ?1", [.integer(number)]
        ) { row throws(RegistryError) in (try row.text(0), row.count(1)) }
        rows = Dictionary(counts) { first, _ in first }
        results = try connection.rows(
            """
            SELECT subject, expectation, action, verdict, rows, broken, detail
            FROM quality_results WHERE run = ?1 ORDER BY position
            """, [.integer(number)]
        ) { row throws(RegistryError) in
            Result(
                subject: try row.text(0), expectation: try row.text(1), action: try row.text(2),
                verdict: try row.text(3), rows: row.count(4), broken: row.count(5),
                detail: try row.text(6))
        }
        columns = try connection.rows(
            "SELECT name, type, profile FROM column_profiles WHERE run = ?1 ORDER BY position",
            [.integer(number)]
        ) { row throws(RegistryError) in
            Column(name: try row.text(0), type: try row.text(1), profile: row.bytes(2))
        }
    }
}
