import Columns
import CommitProtocol
import PointInTime
import Records
public import Stores
public import TestSupport
import Testing
import Values

/// A partition of a stream whose records are known: driven into an event log, whatever becomes of
/// it meanwhile, and looked for there. The record at offset o is the row of number 1,000,000 times
/// the partition and o; every 50th one is no row.
public struct StreamReplay: Sendable {
    /// The partition.
    public let partition: Int32
    /// How many records there are.
    public let count: Int64
    private let rowsEach: ClosedRange<Int64>

    /// What became of the commits.
    public struct Outcome: Hashable, Sendable {
        /// Batches that were committed.
        public var commits = 0
        /// How often the log was found elsewhere than the worker was: rolled back, or ahead.
        public var resumes = 0
        /// How often the worker was fenced or gave up, and claimed again.
        public var claims = 0
        /// How often the store failed, and the worker went on.
        public var failures = 0
    }

    /// A partition of `count` records, committed in batches of so many.
    public init(partition: Int32, count: Int64, rowsEach: ClosedRange<Int64>) {
        self.partition = partition
        self.count = count
        self.rowsEach = rowsEach
    }

    /// Drives all records into `log`, from wherever it is.
    ///
    /// - Parameters:
    ///   - log: where to.
    ///   - generator: for the sizes of batches and the tokens.
    ///   - meanwhile: is told before each batch how far it is.
    /// - Returns: what became of the commits.
    /// - Throws: what a committer throws.
    public func drive(
        into log: any EventLog, using generator: inout SeededGenerator,
        meanwhile: (Int64) throws -> Void = { _ in }
    ) throws -> Outcome {
        var outcome = Outcome()
        var committer = try log.streamCommitter(of: partition)
        var action = try committer.claim(.random(using: &generator))
        var position: Int64 = -1
        while true {
            switch action {
            case .resume(let next):
                if position >= 0 { outcome.resumes += 1 }
                position = next.offset
            case .goOn(let next):
                outcome.commits += 1
                position = next.offset
            case .askAssignment, .leave:
                outcome.claims += 1
                committer = try log.streamCommitter(of: partition)
                action = try committer.claim(.random(using: &generator))
                continue
            default: throw Unclaimed(action: action)
            }
            if position == count { return outcome }
            try meanwhile(position)
            let end = min(count, position + Int64.random(in: rowsEach, using: &generator))
            action = try committer.commit(append(from: position, to: end))
        }
    }

    /// The records between two offsets.
    public func append(from start: Int64, to end: Int64) -> StreamAppend {
        let offsets = (start..<end).filter { $0 % 50 != 49 }
        let numbers = offsets.map { Int64(partition) * 1_000_000 + $0 }
        // Two months, so that a batch is of several partitions of a table.
        let times = offsets.map { $0 % 1400 * 3_600_000_000 }
        let at = Column(type: .timestamp, count: times.count, storage: .int64(FixedValues(times)))
        let number = Column(
            type: .int64, count: times.count, storage: .int64(FixedValues(numbers)))
        return StreamAppend(
            end: Position(end),
            rows: ColumnBatch(
                schema: StreamEvents.schema, columns: [number, at, at], rowCount: times.count),
            eventTimes: at, offsets: offsets,
            rejected: (start..<end).filter { $0 % 50 == 49 }.map { StreamEvents.rejected(at: $0) },
            at: EventTime(microseconds: start))
    }

    /// Expects that the log has every record before `end` once, each where it belongs.
    public func check(_ log: any EventLog, to end: Int64? = nil, _ context: String) throws {
        let end = end ?? count
        let rows = try log.state(at: .newest).rows(workers: 1)
        let schema = Schema(
            ["_partition", "_offset", "number"].map { Field(name: $0, type: .int64) })
        var found: [Int64: [Int64]] = [:]
        for chunk in 0..<rows.chunkCount {
            let columns = try rows.read(chunk: chunk, schema: schema).columns.map(\.scalars)
            for row in columns[0].indices where columns[0][row] == .integer(Int64(partition)) {
                guard case .integer(let offset) = columns[1][row],
                    case .integer(let number) = columns[2][row]
                else { continue }
                found[offset, default: []].append(number)
            }
        }
        let expected = append(from: 0, to: end)
        #expect(found.count == expected.offsets.count, "\(context): other rows")
        let wrong = expected.offsets.filter { found[$0] != [Int64(partition) * 1_000_000 + $0] }
        #expect(wrong.isEmpty, "\(context)")
        let letters = try log.deadLetters(limit: .max).filter { $0.partition == partition }
        #expect(letters.map(\.record.offset) == expected.rejected.map(\.offset), "\(context)")
        #expect(try log.streamState()?.checkpoints[Int(partition)]?.next == Position(end))
    }
}
