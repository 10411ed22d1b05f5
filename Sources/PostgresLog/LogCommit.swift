import Postgres
import Stores
import Values

/// One append of an event log.
struct LogCommit: Hashable, Sendable {
    let version: Int
    let interval: EventInterval
    let identity: [UInt8]
    let publishedAt: EventTime
    /// The commit whose rows these take the place of.
    let replaces: Int?
    let schema: Schema
    var rowCount = 0
    var byteCount = 0
    /// How many commits of the stream came before it.
    var steps = 0

    var entry: LoggedInterval {
        LoggedInterval(
            interval: interval, identity: identity, version: version, publishedAt: publishedAt,
            rowCount: rowCount, byteCount: byteCount)
    }

    /// Everything that decides its rows, as text.
    var text: String {
        "\(version) \(interval.from.microseconds) \(interval.to.microseconds) "
            + "\(hexadecimal(identity)) \(rowCount)\n\(schema.logText)\n"
    }
}

extension LogCommit {
    /// Writes the commit and its pieces.
    func record(
        _ chunks: [LogChunk], of table: LogTable, on connection: PGConnection
    ) throws(PostgresError) {
        for chunk in chunks {
            try connection.run(
                "INSERT INTO roost.event_chunk VALUES ($1, $2, $3, $4, $5)",
                [
                    table.source, "\(version)", "\(chunk.number)", "\(chunk.rowCount)",
                    chunk.partition,
                ])
        }
        try table.lockSteps(on: connection)
        try connection.run(
            """
            INSERT INTO roost.event_commit VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                coalesce((SELECT steps FROM roost.event_stream WHERE source = $1), 0))
            """,
            [
                table.source, "\(version)", "\(interval.from.microseconds)",
                "\(interval.to.microseconds)", hexadecimal(identity),
                "\(publishedAt.microseconds)", replaces.map(String.init), "\(rowCount)",
                "\(byteCount)", schema.logText,
            ])
    }

    /// All commits of a source, oldest first.
    static func read(
        _ table: LogTable, on connection: PGConnection
    ) throws(PostgresError) -> [LogCommit] {
        let rows = try connection.run(
            """
            SELECT version, from_us, to_us, identity, published_us, replaces, row_count,
                byte_count, columns, steps
            FROM roost.event_commit WHERE source = $1 ORDER BY version
            """, [table.source])
        var commits: [LogCommit] = []
        for row in rows {
            guard let commit = LogCommit(row), commit.version == commits.count + 1 else {
                throw PostgresError(
                    .protocolViolation,
                    "the event log of '\(table.source)' in \(connection.place) is damaged at "
                        + "commit \(commits.count + 1)", hint: "restore it from a backup")
            }
            commits.append(commit)
        }
        return commits
    }

    private init?(_ row: [String?]) {
        let numbers = row.map { $0.flatMap { Int64($0) } }
        guard row.count == 10, let version = numbers[0], let from = numbers[1], let to = numbers[2],
            from < to, let identity = row[3].flatMap({ bytes(hexadecimal: $0) }),
            let published = numbers[4], let rowCount = numbers[6], let byteCount = numbers[7],
            let schema = row[8].flatMap(Schema.init(logText:)), let steps = numbers[9]
        else { return nil }
        self.version = Int(version)
        interval = EventInterval(
            from: EventTime(microseconds: from), to: EventTime(microseconds: to))
        self.identity = identity
        publishedAt = EventTime(microseconds: published)
        replaces = numbers[5].map(Int.init)
        self.schema = schema
        self.rowCount = Int(rowCount)
        self.byteCount = Int(byteCount)
        self.steps = Int(steps)
    }
}

extension Schema {
    /// The columns, one on each line.
    var logText: String {
        fields.map { "\($0.type)\t\($0.name)" }.joined(separator: "\n")
    }

    /// Reads what `logText` gives; nil for anything else.
    init?(logText text: String) {
        var fields: [Field] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(
                separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let type = DataType(parsing: String(parts[0])) else {
                return nil
            }
            fields.append(Field(name: String(parts[1]), type: type))
        }
        self.init(fields)
    }
}
