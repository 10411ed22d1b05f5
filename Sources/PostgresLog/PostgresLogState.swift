import PointInTime
import Postgres
import Stores
import Values

/// One state of an event log in PostgreSQL: the commits whose rows count, and how far each partition
/// of the stream had come.
///
/// Commits of intervals and of the stream are one sequence: each knows how many of the other kind
/// came before it.
struct PostgresLogState: EventLogState {
    private let address: String
    private let table: LogTable
    let version: Int
    /// How many commits of intervals it has seen.
    let commitCount: Int
    let schema: Schema?
    /// In order of event time.
    let commits: [LogCommit]
    let streamCut: StreamCut?
    let parts: [LogStreamPart]

    /// Reads a state, all of it at one moment.
    init(
        address: String, table: LogTable, at point: LogPoint, on connection: PGConnection
    ) throws(PostgresError) {
        let (log, stream, parts, steps) = try connection.transaction {
            () throws(PostgresError) -> ([LogCommit], LogStream?, [LogStreamPart], Int) in
            try connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            var log = try LogCommit.read(table, on: connection)
            let stream = try LogStream.read(table, on: connection)
            var steps = stream?.steps ?? 0
            switch point {
            case .newest: break
            case .version(let limit):
                log = Array(log.prefix { $0.version + $0.steps <= limit })
                steps = min(steps, max(0, limit - log.count))
            case .time(let time):
                let streamed = try stream?.steps(upTo: time, table, on: connection) ?? 0
                let then = log.prefix { $0.publishedAt <= time && $0.steps <= streamed }
                let next = then.count < log.count ? log[then.count].steps : .max
                log = Array(then)
                steps = min(streamed, next)
            }
            let parts = try LogStreamPart.read(table, steps: steps, on: connection)
            return (log, stream, parts, steps)
        }
        let replaced = Set(log.compactMap(\.replaces))
        self.address = address
        self.table = table
        self.parts = parts
        version = log.count + steps
        commitCount = log.count
        streamCut = stream?.cut
        // The columns of the stream are those of the newest append, or more of them.
        schema = Schema.union(log.last?.schema, stream?.schema)
        commits = log.filter { !replaced.contains($0.version) }
            .sorted { $0.interval.from < $1.interval.from }
    }

    var intervals: [LoggedInterval] { commits.map(\.entry) }

    var streamRowCount: Int { parts.reduce(0) { $0 + $1.rowCount } }

    var identity: [UInt8] {
        var hasher = SHA256()
        for commit in commits { hasher.update(Array(commit.text.utf8)) }
        for part in parts { hasher.update(Array(part.text.utf8)) }
        return hasher.finalized()
    }

    func commit(of interval: EventInterval) -> LogCommit? {
        commits.first { $0.interval == interval }
    }

    func rows(workers: Int) throws -> any BatchRows {
        try storeErrors { () throws(PostgresError) in
            try PostgresRows(address, table, of: self)
        }
    }
}
