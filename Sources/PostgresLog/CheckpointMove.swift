import CommitProtocol
import Postgres
import Stores
import Values

/// The commands that move a checkpoint at the end of a transaction, with the pieces that it wrote.
struct CheckpointMove: Sendable {
    let table: LogTable
    let partition: Int32
    let old: Checkpoint
    let new: Checkpoint
    /// How many pieces the partition had.
    let chunkCount: Int

    /// The commands, to be sent as one message with COMMIT; they fail when `old` is not there.
    func commands(for chunks: [LogChunk], at time: EventTime?) -> String {
        let source = table.source.quotedText
        var commands = [
            // A division by none: what was watched has changed, so nothing shall be done.
            """
            WITH moved AS (UPDATE roost.event_checkpoint
                SET owner = \(text(new.owner)), next = \(new.next.offset),
                    chunks = \(chunkCount + chunks.count)
                WHERE source = \(source) AND partition = \(partition)
                    AND owner IS NOT DISTINCT FROM \(text(old.owner))
                    AND next = \(old.next.offset) RETURNING 1)
            SELECT 1 / count(*) FROM moved
            """
        ]
        guard let time, !chunks.isEmpty else { return commands[0] }
        commands.append(table.stepsLock)
        let numbers = [
            chunkCount + chunks.count, Int(old.next.offset), Int(new.next.offset),
            Int(time.microseconds),
        ]
        commands.append(
            """
            WITH step AS (UPDATE roost.event_stream SET steps = steps + 1
                WHERE source = \(source) RETURNING steps)
            INSERT INTO roost.event_step SELECT \(source), steps, \(partition),
                \(numbers.map(String.init).joined(separator: ", ")) FROM step
            """)
        let pieces = chunks.map { chunk in
            "(\(source), \(chunk.version), \(chunk.numbers.lowerBound), \(chunk.rowCount), "
                + "\(chunk.partition.quotedText))"
        }
        commands.append(
            "INSERT INTO roost.event_chunk VALUES \(pieces.joined(separator: ", "))")
        return commands.joined(separator: ";\n")
    }

    private func text(_ owner: OwnerToken?) -> String { owner?.text.quotedText ?? "NULL" }
}

extension PostgresError {
    /// Whether a transaction was refused because the checkpoint was changed that it relied on.
    var isRefusedMove: Bool { sqlState == "22012" }

    /// Whether a value came in the format of another type than its column's.
    var isOfAnotherType: Bool { sqlState == "22P03" }
}
