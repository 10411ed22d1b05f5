import Planning
public import Values

extension SQLRegistry {
    /// Records a data set; see `RegistryStore`.
    public func record(_ dataSet: DataSetRecord) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            try connection.run(
                "DELETE FROM data_sets WHERE identity = ?1 AND path = ?2",
                [.bytes(dataSet.identity.bytes), .text(dataSet.path)])
            try connection.run(
                """
                INSERT INTO data_sets
                (identity, path, service, service_identity, rows, written_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """,
                [
                    .bytes(dataSet.identity.bytes), .text(dataSet.path), .text(dataSet.service),
                    .bytes(dataSet.serviceIdentity.bytes), .count(dataSet.rows),
                    .integer(dataSet.writtenAt.microseconds),
                ])
        }
    }

    /// All data sets, oldest first.
    public func dataSets() throws(RegistryError) -> [DataSetRecord] {
        try read { connection throws(RegistryError) in
            try connection.rows("SELECT * FROM data_sets ORDER BY number") {
                row throws(RegistryError) in
                DataSetRecord(
                    identity: try row.identity(1), path: try row.text(2),
                    service: try row.text(3), serviceIdentity: try row.digest(4),
                    rows: row.count(5), writtenAt: row.time(6))
            }
        }
    }

    /// Registers a model; see `RegistryStore`.
    public func register(_ model: ModelRecord) throws(RegistryError) {
        try write { connection throws(RegistryError) in
            let number = try connection.first(
                """
                INSERT INTO models
                (package, name, path, service, service_identity, data_set, registered_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING RETURNING number
                """,
                [
                    .bytes(model.package.bytes), .text(model.name), .text(model.path),
                    .text(model.service), .bytes(model.serviceIdentity.bytes),
                    model.dataSet.map { .bytes($0.bytes) } ?? .null,
                    .integer(model.registeredAt.microseconds),
                ]
            ) { row throws(RegistryError) in row.integer(0) }
            guard let number else { return }
            for (position, digest) in model.digests.enumerated() {
                try connection.run(
                    "INSERT INTO model_features VALUES (?1, ?2, ?3)",
                    [.integer(number), .count(position), .bytes(digest.bytes)])
            }
            try insert(model.metrics, of: number, into: "model_metrics", connection)
        }
    }

    /// All models, oldest first.
    public func models() throws(RegistryError) -> [ModelRecord] {
        try read { connection throws(RegistryError) in try ModelRecord.read(from: connection) }
    }

    /// The model of a package; nil when there is none.
    public func model(_ package: RecordIdentity) throws(RegistryError) -> ModelRecord? {
        try models().first { $0.package == package }
    }
}

extension SQLRegistry {
    /// Moves an alias; see `RegistryStore`.
    public func moveAlias(
        _ alias: String, to package: RecordIdentity, expecting expected: RecordIdentity??,
        at time: EventTime
    ) throws(RegistryError) -> AliasMove {
        try write { connection throws(RegistryError) in
            let last = try lastMove(of: alias, connection)
            if let expected, expected != last?.package {
                throw RegistryError(
                    .conflict, "the alias '\(alias)' was moved by somebody else",
                    hint: "look where it is and decide again")
            }
            let isKnown = try connection.integer(
                "SELECT count(*) FROM models WHERE package = ?1", [.bytes(package.bytes)])
            guard isKnown == 1 else {
                throw RegistryError(
                    .unknown, "there is no model \(package.description.prefix(12))",
                    hint: "register it first; 'roost models' lists what there is")
            }
            return try insertMove(alias, package, cameFrom: last?.number, time, connection)
        }
    }

    /// Moves an alias back; see `RegistryStore`.
    public func rollBackAlias(
        _ alias: String, at time: EventTime
    ) throws(RegistryError) -> AliasMove {
        try write { connection throws(RegistryError) in
            let target = try connection.first(
                """
                SELECT target.package, target.came_from FROM alias_moves present
                JOIN alias_moves target
                ON target.alias = present.alias AND target.number = present.came_from
                WHERE present.alias = ?1 ORDER BY present.number DESC LIMIT 1
                """, [.text(alias)]
            ) { row throws(RegistryError) in
                (package: try row.identity(0), from: row.isNull(1) ? nil : row.count(1))
            }
            let last = try lastMove(of: alias, connection)
            guard let target, last?.cameFrom != nil else {
                throw RegistryError(
                    .unknown, "the alias '\(alias)' was on no model before",
                    hint: "move it to a model by name")
            }
            // Where the target itself came from, so that the next one goes further back.
            return try insertMove(alias, target.package, cameFrom: target.from, time, connection)
        }
    }

    /// The model that an alias is on; nil when it was never moved.
    public func alias(_ alias: String) throws(RegistryError) -> RecordIdentity? {
        try read { connection throws(RegistryError) in
            try lastMove(of: alias, connection)?.package
        }
    }

    /// Where all aliases are, by name.
    public func aliases() throws(RegistryError) -> [AliasMove] {
        try read { connection throws(RegistryError) in
            try connection.rows(
                """
                SELECT alias, number, package, moved_at FROM alias_moves AS move
                WHERE number = (SELECT max(number) FROM alias_moves WHERE alias = move.alias)
                ORDER BY alias
                """
            ) { row throws(RegistryError) in
                AliasMove(
                    alias: try row.text(0), number: row.count(1), package: try row.identity(2),
                    movedAt: row.time(3))
            }
        }
    }

    /// All moves of an alias, oldest first.
    public func aliasHistory(_ alias: String) throws(RegistryError) -> [AliasMove] {
        try read { connection throws(RegistryError) in
            try connection.rows(
                "SELECT * FROM alias_moves WHERE alias = ?1 ORDER BY number", [.text(alias)]
            ) { row throws(RegistryError) in
                AliasMove(
                    alias: try row.text(0), number: row.count(1), package: try row.identity(2),
                    movedAt: row.time(3))
            }
        }
    }
}

private struct LastMove: Sendable {
    let number: Int
    let package: RecordIdentity
    let cameFrom: Int?
}

private func lastMove(
    of alias: String, _ connection: any SQLConnection
) throws(RegistryError) -> LastMove? {
    try connection.first(
        """
        SELECT number, package, came_from FROM alias_moves
        WHERE alias = ?1 ORDER BY number DESC LIMIT 1
        """, [.text(alias)]
    ) { row throws(RegistryError) in
        LastMove(
            number: row.count(0), package: try row.identity(1),
            cameFrom: row.isNull(2) ? nil : row.count(2))
    }
}

private func insertMove(
    _ alias: String, _ package: RecordIdentity, cameFrom: Int?, _ time: EventTime,
    _ connection: any SQLConnection
) throws(RegistryError) -> AliasMove {
    let number = (try lastMove(of: alias, connection)?.number ?? 0) + 1
    try connection.run(
        "INSERT INTO alias_moves VALUES (?1, ?2, ?3, ?4, ?5)",
        [
            .text(alias), .count(number), .bytes(package.bytes), .integer(time.microseconds),
            .optional(cameFrom.map(Int64.init)),
        ])
    return AliasMove(alias: alias, number: number, package: package, movedAt: time)
}

/// Writes named numbers in a table of (owner, name, value).
func insert(
    _ metrics: [String: Double], of owner: Int64, into table: String,
    _ connection: any SQLConnection
) throws(RegistryError) {
    for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
        // SQLite has no NaN: null stands for it, everywhere.
        try connection.run(
            "INSERT INTO \(table) VALUES (?1, ?2, ?3)",
            [.integer(owner), .text(name), value.isNaN ? .null : .real(value)])
    }
}

/// Reads named numbers from a table of (owner, name, value).
func readMetrics(
    of owner: Int64, from table: String, by column: String,
    _ connection: any SQLConnection
) throws(RegistryError) -> [String: Double] {
    let rows = try connection.rows(
        "SELECT name, value FROM \(table) WHERE \(column) = ?1", [.integer(owner)]
    ) { row throws(RegistryError) in
        (try row.text(0), row.isNull(1) ? Double.nan : row.real(1))
    }
    return Dictionary(rows) { first, _ in first }
}

extension ModelRecord {
    /// All models, oldest first.
    static func read(
        from connection: any SQLConnection
    ) throws(RegistryError) -> [ModelRecord] {
        var numbers: [Int64] = []
        var models = try connection.rows("SELECT * FROM models ORDER BY number") {
            row throws(RegistryError) in
            numbers.append(row.integer(0))
            return ModelRecord(
                package: try row.identity(1), name: try row.text(2), path: try row.text(3),
                service: try row.text(4), serviceIdentity: try row.digest(5), digests: [],
                dataSet: row.isNull(6) ? nil : try row.identity(6), metrics: [:],
                registeredAt: row.time(7))
        }
        for (index, number) in numbers.enumerated() {
            models[index].digests = try connection.rows(
                "SELECT digest FROM model_features WHERE model = ?1 ORDER BY position",
                [.integer(number)]
            ) { row throws(RegistryError) in try row.digest(0) }
            models[index].metrics = try readMetrics(
                of: number, from: "model_metrics", by: "model", connection)
        }
        return models
    }
}
