import CommitProtocol
import Postgres
import Records
import Stores
import Values

extension PostgresEventLog {
    func streamState() throws -> StreamLogState? {
        try storeErrors { () throws(PostgresError) in
            try streamState(on: PGConnection(address))
        }
    }

    func beginStream(
        schema: Schema, cut: EventTime, at positions: [Int32: Position]
    ) throws -> StreamLogState {
        let keeper = try storeErrors { () throws(PostgresError) in try PGConnection(address) }
        let known = try storeErrors { () throws(PostgresError) in
            try LogStream.read(table, on: keeper)
        }
        // Who only adds partitions disturbs no append of an interval.
        if known?.schema != schema { try prepare(schema, cut, keeper) }
        return try storeErrors { () throws(PostgresError) in
            for (partition, position) in positions.sorted(by: { $0.key < $1.key }) {
                try keeper.run(
                    """
                    INSERT INTO roost.event_checkpoint VALUES ($1, $2, NULL, $3, 0)
                    ON CONFLICT DO NOTHING
                    """, [table.source, "\(partition)", "\(position.offset)"])
            }
            guard let state = try streamState(on: keeper) else {
                throw PostgresError(.protocolViolation, "roost.event_stream is damaged")
            }
            return state
        }
    }

    func streamCommitter(of partition: Int32) throws -> any StreamCommitter<StreamAppend> {
        StreamLogCommitter(PostgresStreamSink(address, table, partition: partition))
    }

    func deadLetters(limit: Int) throws -> [DeadLetter] {
        try storeErrors { () throws(PostgresError) in
            try DeadLetterTable(table).read(newest: limit, on: PGConnection(address)).reversed()
        }
    }

    /// Makes tables and records the stream, or its columns; nobody appends an interval meanwhile.
    private func prepare(
        _ schema: Schema, _ cut: EventTime, _ keeper: PGConnection
    ) throws(StoreError) {
        try takeRight(keeper)
        defer { _ = try? keeper.run("SELECT pg_advisory_unlock_all()") }
        let newest = try storeErrors { () throws(PostgresError) in
            try state(at: .newest, on: keeper)
        }
        if let refusal = newest.refusal(streaming: schema, from: cut, to: table.source) {
            throw StoreError(
                refusal.isOverlap ? .overlap : .schema, refusal.message, hint: refusal.hint)
        }
        try storeErrors { () throws(PostgresError) in
            try table.prepare(schema, isStreamed: true, on: keeper)
            try keeper.run(
                """
                INSERT INTO roost.event_stream VALUES ($1, $2, 0, $3)
                ON CONFLICT (source) DO UPDATE SET columns = excluded.columns
                """, [table.source, "\(cut.microseconds)", schema.logText])
        }
    }

    private func streamState(
        on connection: PGConnection
    ) throws(PostgresError) -> StreamLogState? {
        guard let stream = try LogStream.read(table, on: connection) else { return nil }
        var checkpoints: [Checkpoint?] = []
        let rows = try connection.run(
            """
            SELECT partition, owner, next FROM roost.event_checkpoint
            WHERE source = $1 ORDER BY partition
            """, [table.source])
        for row in rows {
            guard let partition = row[0].flatMap({ Int($0) }), partition >= checkpoints.count,
                let checkpoint = Checkpoint(owner: row[1], next: row[2])
            else { throw PostgresError(.protocolViolation, "roost.event_checkpoint is damaged") }
            while checkpoints.count < partition { checkpoints.append(nil) }
            checkpoints.append(checkpoint)
        }
        let counts = try connection.run(
            """
            SELECT coalesce(sum(row_count), 0),
                (SELECT count(*) FROM roost.event_dead_letter WHERE source = $1)
            FROM roost.event_chunk WHERE source = $1 AND version < 0
            """, [table.source])
        let numbers = counts[0].map { $0.flatMap { Int($0) } ?? 0 }
        return StreamLogState(
            cut: stream.cut.time, checkpoints: checkpoints, rowCount: numbers[0],
            deadLetterCount: numbers[1])
    }
}

extension Checkpoint {
    /// Reads what stands in the table; nil for anything else.
    init?(owner: String?, next: String?) {
        guard let next = next.flatMap({ Int64($0) }) else { return nil }
        let token = owner.map { OwnerToken(text: $0) }
        if case .some(.none) = token { return nil }
        self.init(owner: token ?? nil, next: Position(next))
    }
}
