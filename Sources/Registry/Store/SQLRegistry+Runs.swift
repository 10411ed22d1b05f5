public import Values

extension SQLRegistry {
    /// Begins a run; see `RegistryStore`.
    public func beginRun(
        _ kind: String, parameters: [String: String], at time: EventTime
    ) throws(RegistryError) -> Int64 {
        try write { connection throws(RegistryError) in
            let id = try connection.integer(
                "INSERT INTO runs (kind, started_at) VALUES (?1, ?2) RETURNING id",
                [.text(kind), .integer(time.microseconds)])
            for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
                try connection.run(
                    "INSERT INTO run_parameters VALUES (?1, ?2, ?3)",
                    [.integer(id), .text(name), .text(value)])
            }
            return id
        }
    }

    /// Ends a run; see `RegistryStore`.
    public func endRun(
        _ id: Int64, exitCode: Int32, metrics: [String: Double], at time: EventTime
    ) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            let changed = try connection.run(
                "UPDATE runs SET ended_at = ?2, exit_code = ?3 WHERE id = ?1 AND ended_at IS NULL",
                [.integer(id), .integer(time.microseconds), .integer(Int64(exitCode))])
            guard changed == 1 else {
                throw RegistryError(.conflict, "run \(id) is not running", hint: nil)
            }
            try insert(metrics, of: id, into: "run_metrics", connection)
        }
    }

    /// All runs, oldest first.
    public func runs() throws(RegistryError) -> [RunRecord] {
        try read { connection throws(RegistryError) in
            var runs = try connection.rows("SELECT * FROM runs ORDER BY id") {
                row throws(RegistryError) in
                RunRecord(
                    id: row.integer(0), kind: try row.text(1), parameters: [:], metrics: [:],
                    startedAt: row.time(2), endedAt: row.optionalTime(3),
                    exitCode: row.isNull(4) ? nil : Int32(clamping: row.integer(4)))
            }
            for index in runs.indices {
                let parameters = try connection.rows(
                    "SELECT name, value FROM run_parameters WHERE run = ?1",
                    [.integer(runs[index].id)]
                ) { row throws(RegistryError) in (try row.text(0), try row.text(1)) }
                runs[index].parameters = Dictionary(parameters) { first, _ in first }
                runs[index].metrics = try readMetrics(
                    of: runs[index].id, from: "run_metrics", by: "run", connection)
            }
            return runs
        }
    }
}
