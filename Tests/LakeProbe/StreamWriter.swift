import Columns
import CommitProtocol
import Lake
import Records
import Stores
import Values

/// Writes the records of one partition of a stream, as `StreamReplay` of the tests expects them, from
/// wherever the lake is to the end.
struct StreamWriter {
    private static let schema = Schema([
        Field(name: "number", type: .int64), Field(name: "at", type: .timestamp),
        Field(name: StreamRows.knownAt, type: .timestamp),
    ])

    let partition: Int32
    let count: Int64
    /// How many records a commit has.
    let size: Int64

    /// - Returns: whether all is there; false when another has claimed the partition.
    func run(_ source: LakeSource) throws -> Bool {
        var generator = SystemRandomNumberGenerator()
        _ = try source.beginStream(
            schema: Self.schema, cut: EventTime(microseconds: 0), at: [partition: Position(0)])
        let committer = try source.streamCommitter(of: partition)
        var action = try committer.claim(.random(using: &generator))
        while true {
            switch action {
            case .resume(let next), .goOn(let next):
                tell("at \(next.offset)")
                if next.offset >= count { return true }
                let end = min(count, next.offset + size)
                action = try committer.commit(append(from: next.offset, to: end))
            case .leave(.isContended):
                action = try committer.claim(.random(using: &generator))
            default: return false
            }
        }
    }

    private func append(from start: Int64, to end: Int64) -> StreamAppend {
        let offsets = (start..<end).filter { $0 % 50 != 49 }
        let numbers = offsets.map { Int64(partition) * 1_000_000 + $0 }
        let times = offsets.map { $0 % 1400 * 3_600_000_000 }
        let at = Column(type: .timestamp, count: times.count, storage: .int64(FixedValues(times)))
        let number = Column(
            type: .int64, count: times.count, storage: .int64(FixedValues(numbers)))
        let rejected = (start..<end).filter { $0 % 50 == 49 }.map {
            RejectedRecord(
                offset: $0, timestamp: nil, key: nil, value: Array("{".utf8), reason: "no JSON")
        }
        return StreamAppend(
            end: Position(end),
            rows: ColumnBatch(
                schema: Self.schema, columns: [number, at, at], rowCount: times.count),
            eventTimes: at, offsets: offsets, rejected: rejected,
            at: EventTime(microseconds: start))
    }
}
