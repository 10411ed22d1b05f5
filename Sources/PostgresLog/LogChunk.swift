import Postgres

/// Rows of one commit in one partition of the table, or those of several commits of a stream, which
/// stand behind each other.
struct LogChunk: Hashable, Sendable {
    /// More rows than this are not read at once because they stand behind each other.
    private static let greatestRowCount = 1 << 16

    /// The commit's, or -1 less the stream's partition.
    let version: Int
    let numbers: ClosedRange<Int>
    let rowCount: Int
    /// The name of the partition of the table.
    let partition: String

    init(version: Int, numbers: ClosedRange<Int>, rowCount: Int, partition: String) {
        self.version = version
        self.numbers = numbers
        self.rowCount = rowCount
        self.partition = partition
    }

    /// One piece of a commit.
    init(version: Int, number: Int, rowCount: Int, partition: String) {
        self.init(
            version: version, numbers: number...number, rowCount: rowCount, partition: partition)
    }

    /// The partition of the stream that it came by; nil for an interval's.
    var streamPartition: Int? { version < 0 ? -1 - version : nil }

    /// The number of the first piece.
    var number: Int { numbers.lowerBound }

    /// The version that pieces of a partition of a stream are written under.
    static func version(ofStreamPartition partition: Int) -> Int { -1 - partition }

    /// What chooses its rows in its partition of the table.
    var condition: String {
        """
        \(LogTable.commit) = \(version)
            AND \(LogTable.chunk) BETWEEN \(numbers.lowerBound) AND \(numbers.upperBound)
        """
    }

    /// The pieces of a source, by version, in the order in which they are read.
    static func read(
        _ table: LogTable, on connection: PGConnection
    ) throws(PostgresError) -> [Int: [LogChunk]] {
        let rows = try connection.run(
            """
            SELECT version, chunk, row_count, partition FROM roost.event_chunk
            WHERE source = $1 ORDER BY version, chunk
            """, [table.source])
        var chunks: [Int: [LogChunk]] = [:]
        for row in rows {
            let numbers = row.prefix(3).compactMap { $0.flatMap { Int($0) } }
            guard numbers.count == 3, let partition = row[3] else {
                throw PostgresError(.protocolViolation, "roost.event_chunk is damaged")
            }
            chunks[numbers[0], default: []].append(
                LogChunk(
                    version: numbers[0], number: numbers[1], rowCount: numbers[2],
                    partition: partition))
        }
        return chunks
    }

    /// Pieces of one partition of a stream as they are read: small ones that stand behind each
    /// other in one partition of the table are one.
    static func merged(_ chunks: [LogChunk]) -> [LogChunk] {
        var merged: [LogChunk] = []
        var last: [String: Int] = [:]
        for chunk in chunks {
            if let place = last[chunk.partition],
                merged[place].rowCount + chunk.rowCount <= greatestRowCount
            {
                merged[place] = LogChunk(
                    version: chunk.version,
                    numbers: merged[place].numbers.lowerBound...chunk.numbers.upperBound,
                    rowCount: merged[place].rowCount + chunk.rowCount, partition: chunk.partition)
            } else {
                last[chunk.partition] = merged.count
                merged.append(chunk)
            }
        }
        return merged
    }
}

extension LogChunk: CustomStringConvertible {
    /// Which commit, and which pieces of it.
    var description: String {
        let pieces = numbers.count == 1 ? "\(numbers.lowerBound)" : "\(numbers)"
        return streamPartition.map { "partition \($0) of the stream, pieces \(pieces)" }
            ?? "commit \(version), piece \(pieces)"
    }
}
