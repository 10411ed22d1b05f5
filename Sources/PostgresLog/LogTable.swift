import Postgres
import Stores
import Values

/// The table of a source's rows.
struct LogTable: Sendable {
    /// Columns of ours: the event time, the commit and the piece of it that brought the row.
    static let eventTime = "_event_time"
    static let commit = "_commit"
    static let chunk = "_chunk"
    /// The end of the name of the partition for rows that no other takes.
    static let defaultPartition = "default"

    /// What the server says when the default partition has rows of one that is attached.
    private static let checkViolation = "23514"

    /// PostgreSQL cuts longer names silently.
    private static let longestName = 63

    let source: String

    /// The name in SQL.
    var name: String { "roost.\(source.quotedIdentifier)" }

    /// Why the source's name cannot be a table's; nil when it can.
    var objection: String? {
        let taken = [
            "migration", "event_commit", "event_chunk", "event_stream", "event_checkpoint",
            "event_step", "event_dead_letter",
        ]
        if source.isEmpty || source.utf8.contains(0) || taken.contains(source) {
            return "'\(source)' cannot be a source of the offline store"
        }
        let limit = Self.longestName - LogPartition.longestSuffix
        return source.utf8.count <= limit
            ? nil : "the source's name '\(source)' is longer than \(limit) bytes"
    }

    /// The sources that have a log, by name.
    static func sources(on connection: PGConnection) throws(PostgresError) -> [String] {
        try connection.run(
            """
            SELECT source FROM roost.event_commit UNION SELECT source FROM roost.event_stream
            ORDER BY source
            """
        ).compactMap { $0[0] }
    }

    /// Makes the table with `schema`, or adds and widens its columns.
    ///
    /// - Parameters:
    ///   - schema: the columns of the source.
    ///   - isStreamed: whether rows have places in a stream.
    ///   - connection: where to.
    /// - Throws: `schema` for columns that a table cannot have; what the server refuses.
    func prepare(
        _ schema: Schema, isStreamed: Bool = false, on connection: PGConnection
    ) throws(PostgresError) {
        for field in schema.fields { try check(field) }
        let columns = Schema(schema.fields + (isStreamed ? StreamColumn.fields : []))
        try connection.transaction { () throws(PostgresError) in
            if try exists(source, connection) {
                try adapt(to: columns, connection)
                try LogStream.widen(to: schema, self, on: connection)
            } else {
                try create(columns, connection)
            }
        }
    }

    /// Until the transaction ends, commits of intervals and of the stream have one order.
    func lockSteps(on connection: PGConnection) throws(PostgresError) {
        try connection.runAll(stepsLock)
    }

    /// The command that does it.
    var stepsLock: String {
        "SELECT pg_advisory_xact_lock(hashtextextended(\("roost steps \(name)".quotedText), 0))"
    }

    /// Makes the months of the year that begins at `time`, if this role may: one that may only write
    /// can go on then.
    func prepareYear(from time: EventTime, on connection: PGConnection) throws(PostgresError) {
        let mayMake = try connection.run(
            """
            SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege('roost', 'CREATE')
            FROM pg_class WHERE oid = $1::regclass
            """, [name])
        guard mayMake == [["t"]] else { return }
        // No month is shorter than four weeks.
        for weeks in stride(from: 0 as Int64, through: 52, by: 4) {
            try prepare(LogPartition(of: time.advanced(by: .days(weeks * 7))), on: connection)
        }
    }

    /// Makes a partition, if it is missing. Readers are not disturbed: an empty table is attached,
    /// which locks nothing that they use.
    ///
    /// - Returns: the name of the partition that takes such rows: the default one where rows of it
    ///   were written there before.
    @discardableResult
    func prepare(
        _ partition: LogPartition, on connection: PGConnection
    ) throws(PostgresError) -> String {
        let part = name(of: partition.name)
        let relation = "\(source)_\(partition.name)"
        if try exists(relation, connection) { return partition.name }
        do throws(PostgresError) {
            try connection.transaction { () throws(PostgresError) in
                try connection.run("SET LOCAL lock_timeout = '10s'")
                // Workers may need the same one at the same time.
                try connection.run(
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", ["roost parts \(name)"]
                )
                if try exists(relation, connection) { return }
                try connection.run("CREATE TABLE \(part) (LIKE \(name) INCLUDING DEFAULTS)")
                try connection.run(
                    "ALTER TABLE \(name) ATTACH PARTITION \(part) FOR VALUES \(partition.bounds)")
            }
            return partition.name
        } catch  where error.sqlState == Self.checkViolation {
            return Self.defaultPartition
        }
    }

    /// The name of a partition in SQL.
    func name(of partition: String) -> String {
        "roost." + "\(source)_\(partition)".quotedIdentifier
    }

    /// The columns of `wanted` in a query, widened to the types wanted; those that `schema`, the
    /// log's, does not have are null.
    func columns(_ wanted: Schema, of schema: Schema) throws(PostgresError) -> String {
        var columns: [String] = []
        for field in wanted.fields {
            guard let type = field.type.postgresName else {
                throw PostgresError(.schema, "no column of PostgreSQL is \(field.type)")
            }
            guard let there = schema.type(of: field.name) else {
                columns.append("NULL::\(type)")
                continue
            }
            guard there.widens(to: field.type) else {
                throw PostgresError(
                    .schema,
                    "column '\(field.name)' is \(there) in \(name), \(field.type) is needed",
                    hint: "types only widen")
            }
            columns.append("\(field.name.quotedIdentifier)::\(type)")
        }
        return columns.joined(separator: ", ")
    }

    private func check(_ field: Field) throws(PostgresError) {
        let isOurs = [Self.eventTime, Self.commit, Self.chunk].contains(field.name)
        if isOurs || field.name.utf8.count > Self.longestName || field.name.utf8.contains(0) {
            throw PostgresError(
                .schema, "'\(field.name)' cannot be a column of PostgreSQL's event log",
                hint: "give it another name of at most \(Self.longestName) bytes")
        }
        guard field.type.postgresName != nil else {
            throw PostgresError(
                .schema, "column '\(field.name)' is \(field.type), which PostgreSQL cannot hold")
        }
    }

    private func create(_ schema: Schema, _ connection: PGConnection) throws(PostgresError) {
        let columns = schema.fields.map { field in
            "\(field.name.quotedIdentifier) \(field.type.postgresName ?? "text")"
        }
        let ours = [
            "\(Self.eventTime) timestamptz NOT NULL", "\(Self.commit) integer NOT NULL",
            "\(Self.chunk) integer NOT NULL",
        ]
        try connection.runAll(
            """
            CREATE TABLE \(name) (\((columns + ours).joined(separator: ", ")))
                PARTITION BY RANGE (\(Self.eventTime));
            CREATE TABLE \(name(of: Self.defaultPartition)) PARTITION OF \(name) DEFAULT;
            CREATE INDEX ON \(name) USING brin (\(Self.commit), \(Self.chunk))
                WITH (pages_per_range = 32);
            """)
    }

    private func adapt(to schema: Schema, _ connection: PGConnection) throws(PostgresError) {
        let rows = try connection.run(
            """
            SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
            """, [name])
        var present: [String: String] = [:]
        for row in rows { if let column = row[0] { present[column] = row[1] } }
        for field in schema.fields {
            let column = field.name.quotedIdentifier
            let type = field.type.postgresName ?? "text"
            guard let there = present[field.name] else {
                try connection.runAll("ALTER TABLE \(name) ADD COLUMN \(column) \(type)")
                continue
            }
            if there != type {
                try connection.runAll("ALTER TABLE \(name) ALTER COLUMN \(column) TYPE \(type)")
            }
        }
    }

    /// Whether there is such a table at this moment: `to_regclass` may not know what another has made
    /// since the transaction began.
    private func exists(
        _ table: String, _ connection: PGConnection
    ) throws(PostgresError) -> Bool {
        try !connection.run(
            """
            SELECT FROM pg_class WHERE relname = $1
                AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'roost')
            """, [table]
        ).isEmpty
    }
}

extension String {
    /// The text as SQL takes it whatever is in it.
    var quotedText: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
