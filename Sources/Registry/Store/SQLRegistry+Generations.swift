public import Values

extension SQLRegistry {
    /// Begins a generation; see `RegistryStore`.
    public func beginGeneration(
        of view: String, identity: RecordIdentity, cut: EventTime?, at time: EventTime
    ) throws(RegistryError) -> GenerationRecord {
        try write { connection throws(RegistryError) in
            let last = try connection.integer(
                "SELECT max(id) FROM generations WHERE view = ?1", [.text(view)])
            let record = GenerationRecord(
                view: view, id: last + 1, identity: identity, cut: cut, state: .building,
                entities: nil, bytes: nil, startedAt: time, changedAt: time)
            try connection.run(
                "INSERT INTO generations VALUES (?1, ?2, ?3, ?4, 'building', NULL, ?5, ?5, NULL)",
                [
                    .text(view), .integer(record.id), .bytes(identity.bytes),
                    .optional(cut?.microseconds), .integer(time.microseconds),
                ])
            return record
        }
    }

    /// Records that a generation is live; see `RegistryStore`.
    public func publishGeneration(
        of view: String, id: Int64, entities: Int, bytes: Int?, at time: EventTime
    ) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            try connection.run(
                """
                UPDATE generations SET state = 'retired', changed_at = ?3
                WHERE view = ?1 AND id <> ?2 AND state = 'live'
                """, [.text(view), .integer(id), .integer(time.microseconds)])
            try setState("live", view, id, entities, bytes, time, connection)
        }
    }

    /// Records that a generation was given up; see `RegistryStore`.
    public func abandonGeneration(
        of view: String, id: Int64, at time: EventTime
    ) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            try setState("abandoned", view, id, nil, nil, time, connection)
        }
    }

    /// The generations of a view, oldest first.
    public func generations(of view: String) throws(RegistryError) -> [GenerationRecord] {
        try read { connection throws(RegistryError) in
            try connection.rows(
                "SELECT * FROM generations WHERE view = ?1 ORDER BY id", [.text(view)]
            ) { row throws(RegistryError) in
                guard let state = GenerationRecord.State(rawValue: try row.text(4)) else {
                    throw RegistryError(
                        .corrupt, "the registry holds a generation of no sense",
                        hint: remedyForDamage)
                }
                return GenerationRecord(
                    view: try row.text(0), id: row.integer(1), identity: try row.identity(2),
                    cut: row.optionalTime(3), state: state,
                    entities: row.isNull(5) ? nil : row.count(5),
                    bytes: row.isNull(8) ? nil : row.count(8), startedAt: row.time(6),
                    changedAt: row.time(7))
            }
        }
    }
}

private func setState(
    _ state: String, _ view: String, _ id: Int64, _ entities: Int?, _ bytes: Int?,
    _ time: EventTime,
    _ connection: any SQLConnection
) throws(RegistryError) {
    let changed = try connection.run(
        """
        UPDATE generations SET state = ?3, entities = ?4, changed_at = ?5, bytes = ?6
        WHERE view = ?1 AND id = ?2 AND state = 'building'
        """,
        [
            .text(view), .integer(id), .text(state), .optional(entities.map(Int64.init)),
            .integer(time.microseconds), .optional(bytes.map(Int64.init)),
        ])
    guard changed == 1 else {
        throw RegistryError(
            .conflict, "generation \(id) of \(view) is not being built",
            hint: "begin another generation")
    }
}
