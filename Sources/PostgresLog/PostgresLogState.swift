import PointInTime
import Postgres
import Stores
import Values

/// One state of an event log in PostgreSQL: the commits whose rows count.
struct PostgresLogState: EventLogState {
    private let address: String
    private let table: LogTable
    let version: Int
    let schema: Schema?
    /// In order of event time.
    let commits: [LogCommit]

    init(address: String, table: LogTable, log: [LogCommit]) {
        let replaced = Set(log.compactMap(\.replaces))
        self.address = address
        self.table = table
        version = log.count
        schema = log.last?.schema
        commits = log.filter { !replaced.contains($0.version) }
            .sorted { $0.interval.from < $1.interval.from }
    }

    var intervals: [LoggedInterval] { commits.map(\.entry) }

    var identity: [UInt8] {
        var hasher = SHA256()
        for commit in commits { hasher.update(Array(commit.text.utf8)) }
        return hasher.finalized()
    }

    func commit(of interval: EventInterval) -> LogCommit? {
        commits.first { $0.interval == interval }
    }

    func rows(workers: Int) throws -> any BatchRows {
        try storeErrors { () throws(PostgresError) in
            try PostgresRows(address, table, commits: commits)
        }
    }
}
