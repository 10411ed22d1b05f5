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

    var entry: LoggedInterval {
        LoggedInterval(
            interval: interval, identity: identity, version: version, publishedAt: publishedAt,
            rowCount: rowCount, byteCount: byteCount)
    }

    /// Everything that decides its rows, as text.
    var text: String {
        "\(version) \(interval.from.microseconds) \(interval.to.microseconds) "
            + "\(hexadecimal(identity)) \(rowCount)\n\(columnsText)\n"
    }

    private var columnsText: String {
        schema.fields.map { "\($0.type)\t\($0.name)" }.joined(separator: "\n")
    }
}

/// A piece of an append: rows of one partition.
struct LogChunk: Hashable, Sendable {
    let version: Int
    let number: Int
    let rowCount: Int
    /// The name of the partition.
    let partition: String
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
        try connection.run(
            "INSERT INTO roost.event_commit VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                table.source, "\(version)", "\(interval.from.microseconds)",
                "\(interval.to.microseconds)", hexadecimal(identity),
                "\(publishedAt.microseconds)", replaces.map(String.init), "\(rowCount)",
                "\(byteCount)", columnsText,
            ])
    }

    /// The commits of a source up to `point`, oldest first.
    static func read(
        _ table: LogTable, upTo point: LogPoint, on connection: PGConnection
    ) throws(PostgresError) -> [LogCommit] {
        let rows = try connection.run(
            """
            SELECT version, from_us, to_us, identity, published_us, replaces, row_count,
                byte_count, columns
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
            if case .version(let limit) = point, commit.version > limit { break }
            if case .time(let time) = point, commit.publishedAt > time { break }
            commits.append(commit)
        }
        return commits
    }

    private init?(_ row: [String?]) {
        let numbers = row.map { $0.flatMap { Int64($0) } }
        guard row.count == 9, let version = numbers[0], let from = numbers[1], let to = numbers[2],
            from < to, let identity = row[3].flatMap({ bytes(hexadecimal: $0) }),
            let published = numbers[4], let rowCount = numbers[6], let byteCount = numbers[7],
            let schema = row[8].flatMap(Self.schema)
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
    }

    private static func schema(_ text: String) -> Schema? {
        var fields: [Field] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(
                separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let type = DataType(parsing: String(parts[0])) else {
                return nil
            }
            fields.append(Field(name: String(parts[1]), type: type))
        }
        return Schema(fields)
    }
}
