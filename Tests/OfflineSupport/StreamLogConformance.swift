import Columns
import CommitProtocol
import PointInTime
import Records
public import Stores
import TestSupport
import Testing
import Values

/// What every event log must do with rows of a stream. Each case works on a source of its own name.
public struct StreamLogConformance: Sendable {
    private let open: @Sendable () throws -> any OfflineStore
    private let code: @Sendable (any Error) -> String?

    /// A suite over the stores of `conformance`.
    public init(_ conformance: EventLogConformance) {
        open = conformance.open
        code = conformance.code
    }

    /// Rows of several partitions come back behind those of intervals; each partition is resumed
    /// where it was.
    public func streaming() throws {
        let log = try open().eventLog(of: "streaming")
        #expect(try log.streamState() == nil)
        try log.append(EventRows.day(0), [1, 2])
        let begun = try log.begin(cut: 24, partitions: 2)
        #expect(begun.cut == EventRows.hour(24) && begun.rowCount == 0)
        #expect(
            begun.checkpoints == [
                .init(owner: nil, next: .init(0)), .init(owner: nil, next: .init(0)),
            ])
        let first = try log.claimed(0, by: 1)
        let second = try log.claimed(1, by: 2)
        #expect(
            try second.commit(StreamEvents.append(from: 0, hours: [30, 25]))
                == .goOn(from: Position(2)))
        #expect(
            try first.commit(StreamEvents.append(from: 0, hours: [27])) == .goOn(from: Position(1)))
        #expect(
            try first.commit(StreamEvents.append(from: 1, hours: [26, 999]))
                == .goOn(from: Position(3)))
        let state = try open().eventLog(of: "streaming").state(at: .newest)
        #expect(try state.unsortedIntegers() == [1, 2, 27, 26, 999, 30, 25])
        #expect(try state.unsortedIntegers("_offset").suffix(5) == [0, 1, 2, 0, 1])
        #expect(try state.unsortedIntegers("_partition").suffix(5) == [0, 0, 0, 1, 1])
        #expect(state.streamRowCount == 5 && state.streamCut == StreamCut(EventRows.hour(24)))
        #expect(state.coveredTo == EventRows.hour(24) || state.coveredTo == nil)
        #expect(state.intervals.map(\.interval) == [EventRows.day(0)])
        let there = try log.streamState()
        #expect(
            there?.checkpoints
                == [
                    Checkpoint(owner: .number(1), next: Position(3)),
                    Checkpoint(owner: .number(2), next: Position(2)),
                ])
        #expect(there?.rowCount == 5 && there?.deadLetterCount == 0)
        // What was begun stays, and partitions that come later are added.
        let again = try log.begin(cut: 48, partitions: 3)
        #expect(again.cut == EventRows.hour(24) && again.checkpoints.count == 3)
        #expect(again.checkpoints[0]?.next == Position(3))
        let restarted = try open().eventLog(of: "streaming").streamCommitter(of: 0)
        #expect(try restarted.claim(.number(3)) == .resume(Position(3)))
        #expect(
            try log.streamCommitter(of: 9).claim(.number(4)) == .stop(.hasNoCheckpoint))
        #expect(try open().sources().contains("streaming"))
    }

    /// A log that begins with a stream has no batch side.
    public func streamAlone() throws {
        let log = try open().eventLog(of: "stream alone")
        try log.begin(cut: 0)
        let committer = try log.claimed()
        _ = try committer.commit(StreamEvents.append(from: 0, hours: [3]))
        let state = try log.state(at: .newest)
        #expect(try state.integers() == [3] && state.schema == StreamEvents.schema)
        #expect(state.intervals.isEmpty && state.coveredTo == nil)
        #expect(try open().sources().contains("stream alone"))
    }

    /// Who was replaced writes nothing any more, and who comes after goes on where he was.
    public func fencing() throws {
        let log = try open().eventLog(of: "fencing")
        try log.begin(cut: 0)
        let zombie = try log.claimed(by: 1)
        _ = try zombie.commit(StreamEvents.append(from: 0, hours: [1]))
        let owner = try log.claimed(by: 2)
        #expect(try zombie.commit(StreamEvents.append(from: 1, hours: [77])) == .askAssignment)
        #expect(
            try owner.commit(StreamEvents.append(from: 1, hours: [2])) == .goOn(from: Position(2)))
        // Asked once more, it takes the partition back and is told where it stands.
        #expect(try zombie.claim(.number(3)) == .resume(Position(2)))
        #expect(try owner.commit(StreamEvents.append(from: 2, hours: [78])) == .askAssignment)
        #expect(
            try zombie.commit(StreamEvents.append(from: 2, hours: [3])) == .goOn(from: Position(3)))
        owner.release()
        #expect(try log.state(at: .newest).integers() == [1, 2, 3])
        #expect(
            try log.streamState()?.checkpoints == [Checkpoint(owner: .number(3), next: .init(3))])
    }

    /// Each row is of one side: intervals end where the stream begins, and the stream leaves out
    /// what is of intervals.
    public func sides() throws {
        let log = try open().eventLog(of: "sides")
        try log.append(EventRows.day(0), [1])
        let early = #expect(throws: (any Error).self) { try log.begin(cut: 20) }
        #expect(early.flatMap(code)?.contains("overlap") == true)
        try log.begin(cut: 48)
        for interval in [EventRows.day(1, count: 2), EventRows.day(2)] {
            let error = #expect(throws: (any Error).self) {
                _ = try log.append(
                    interval, identity: [1], schema: StreamEvents.schema, at: EventRows.hour(0)
                ) { _ in Issue.record("the rows were asked for") }
            }
            #expect(error.flatMap(code)?.contains("overlap") == true)
            #expect(error.map { "\($0)" }?.contains("stream") == true)
        }
        for (day, hour) in [(1, 30), (0, 2)] as [(Int64, Int64)] {
            _ = try log.append(
                EventRows.day(day), identity: [7], schema: StreamEvents.schema,
                at: EventRows.hour(0)
            ) { writer in
                let part = StreamEvents.append(from: 0, hours: [hour])
                try writer.write(part.rows, eventTimes: part.eventTimes)
            }
        }
        let committer = try log.claimed()
        // Before the cut and known at it: the batch side's. At it, or known later: the stream's.
        let rows: [(Int64?, Int64)] = [(47, 48), (47, 49), (48, 48), (50, 40), (3, 3), (4, 100)]
        #expect(
            try committer.commit(StreamEvents.append(from: 0, rows)) == .goOn(from: Position(6)))
        #expect(
            try committer.commit(StreamEvents.append(from: 6, hours: [5])) == .goOn(from: .init(7)))
        let state = try log.state(at: .newest)
        #expect(try state.unsortedIntegers() == [2, 30, 47, 48, 50, 4])
        #expect(try state.unsortedIntegers("_offset").suffix(4) == [1, 2, 3, 5])
        #expect(try log.streamState()?.rowCount == 4)
        #expect(try log.streamState()?.deadLetterCount == 0)
    }

    /// Records that are no rows, and rows that the log cannot hold, are kept with the reason; the
    /// others are there, of whatever time.
    public func rejecting() throws {
        let log = try open().eventLog(of: "rejecting")
        try log.begin(cut: 0, partitions: 2)
        let committer = try log.claimed()
        let far: Int64 = 24 * 366 * 8029
        let append = StreamEvents.append(
            from: 0, [(5, 5), (nil, 6), (-24 * 365 * 70, 7), (far, 8), (0, 9)],
            rejected: [
                StreamEvents.rejected(at: 5), StreamEvents.rejected(at: 9, "ä\0", because: "n\0"),
            ])
        #expect(try committer.commit(append) == .goOn(from: Position(10)))
        #expect(try log.state(at: .newest).integers() == [-24 * 365 * 70, 0, 5, far])
        let letters = try log.deadLetters(limit: 10)
        #expect(
            letters.map(\.record.offset) == [1, 5, 9] && letters.allSatisfy { $0.partition == 0 })
        #expect(letters[0].record.reason.contains("no event time"))
        #expect(letters[1].record == StreamEvents.rejected(at: 5))
        #expect(letters[2].record.value == Array("ä\0".utf8))
        #expect(try log.deadLetters(limit: 1).map(\.record.offset) == [9])
        #expect(try log.deadLetters(limit: 0).isEmpty)
        #expect(try log.streamState()?.deadLetterCount == 3)
        let other = try log.claimed(1, by: 2)
        let only = StreamEvents.append(from: 0, [], rejected: [StreamEvents.rejected(at: 20)])
        #expect(try other.commit(only) == .goOn(from: Position(21)))
        #expect(try log.deadLetters(limit: 2).map(\.record.offset) == [9, 20])
        #expect(try log.deadLetters(limit: 2).map(\.partition) == [0, 1])
    }

    /// A state does not change while rows come, and is had again by its version and by the clock.
    public func streamSnapshots() throws {
        let log = try open().eventLog(of: "stream snapshots")
        try log.append(EventRows.day(0), [1])
        try log.begin(cut: 48, partitions: 2)
        let workers = try [log.claimed(0, by: 1), log.claimed(1, by: 2)]
        var states: [(version: Int, identity: [UInt8], rows: [Int64], state: any EventLogState)] =
            []
        var positions: [Int64] = [0, 0]
        for step in 0..<12 as Range<Int64> {
            if step == 5 {
                // An interval that is appended while the stream goes on.
                let part = StreamEvents.append(from: 0, hours: [30])
                _ = try log.append(
                    EventRows.day(1), identity: [1], schema: StreamEvents.schema,
                    at: EventRows.hour(step)
                ) { writer in
                    _ = try workers[1].commit(
                        StreamEvents.append(from: positions[1], hours: [100 + step], at: step))
                    positions[1] += 1
                    try writer.write(part.rows, eventTimes: part.eventTimes)
                }
            } else {
                let worker = step % 3 == 0 ? 1 : 0
                _ = try workers[worker].commit(
                    StreamEvents.append(from: positions[worker], hours: [100 + step], at: step))
                positions[worker] += 1
            }
            let state = try log.state(at: .newest)
            states.append((state.version, state.identity, try state.integers(), state))
        }
        #expect(try log.state(at: .newest).integers() == [1, 30] + (100..<112))
        #expect(Set(states.map(\.identity)).count == 12)
        for (step, known) in states.enumerated() {
            #expect(try known.state.integers() == known.rows, "step \(step)")
            for point in [LogPoint.version(known.version), .time(EventRows.hour(Int64(step)))] {
                let again = try log.state(at: point)
                #expect(again.version == known.version, "\(point)")
                #expect(again.identity == known.identity, "\(point)")
                #expect(try again.integers() == known.rows, "\(point)")
            }
        }
    }

    /// An entity is removed from the stream's rows and from the records that were none.
    public func streamRemoving() throws {
        let log = try open().eventLog(of: "stream removing")
        try log.append(EventRows.day(0), [1, 5])
        try log.begin(cut: 24)
        let committer = try log.claimed()
        for start in stride(from: 0 as Int64, to: 60, by: 20) {
            var append = StreamEvents.append(
                from: start, hours: (0..<18).map { 30 + start + $0 })
            append.rejected = [
                StreamEvents.rejected(at: start + 18, "five \(start)"),
                StreamEvents.rejected(at: start + 19, "six"),
            ]
            append.end = Position(start + 20)
            #expect(try committer.commit(append) == .goOn(from: Position(start + 20)))
        }
        let all = (0..<3).flatMap { part in (0..<18).map { 30 + Int64(part) * 20 + $0 } }
        let before = try log.state(at: .newest)
        #expect(try before.integers() == [1, 5] + all)
        let selection = RowSelection(
            schema: EventRows.multiples(of: 5).schema, select: EventRows.multiples(of: 5).select
        ) { $0.value?.starts(with: Array("five".utf8)) == true }
        let planned = try log.remove(selection, at: EventRows.hour(1), isDryRun: true)
        let gone = all.count { $0 % 5 == 0 }
        #expect(planned.rows == gone + 1 && planned.deadLetters == 3)
        #expect(try log.streamState()?.deadLetterCount == 6)
        #expect(try log.remove(selection, at: EventRows.hour(1), isDryRun: false) == planned)
        let after = try log.state(at: .newest)
        #expect(try after.integers() == [1] + all.filter { $0 % 5 != 0 })
        #expect(after.version == before.version && after.identity != before.identity)
        #expect(after.streamRowCount == all.count - gone)
        #expect(try log.deadLetters(limit: 9).map(\.record.offset) == [19, 39, 59])
        #expect(try log.remove(selection, at: EventRows.hour(1), isDryRun: false).isEmpty)
        // The worker goes on, and another begins where it is.
        #expect(
            try committer.commit(StreamEvents.append(from: 60, hours: [101]))
                == .goOn(from: .init(61)))
        let next = try log.streamCommitter(of: 0)
        #expect(try next.claim(.number(8)) == .resume(Position(61)))
        #expect(
            try next.commit(StreamEvents.append(from: 61, hours: [102])) == .goOn(from: .init(62)))
        #expect(
            try log.state(at: .newest).integers() == [1] + all.filter { $0 % 5 != 0 } + [101, 102])
    }

    /// Columns are added and widened while rows come; who still has the old ones goes on.
    public func streamSchemas() throws {
        let log = try open().eventLog(of: "stream schemas")
        let narrow = Schema([Field(name: "number", type: .int32)])
        let old = { (start: Int64, number: Int64) in
            StreamAppend(
                end: Position(start + 1),
                rows: ColumnBatch(
                    schema: narrow, columns: [Column(type: .int32, [.integer(number)])],
                    rowCount: 1), eventTimes: EventRows.batch([number]).columns[1],
                offsets: [start], rejected: [], at: EventRows.hour(0))
        }
        try log.begin(cut: 0, schema: narrow)
        let committer = try log.claimed()
        _ = try committer.commit(old(0, 5))
        let before = try log.state(at: .newest)
        #expect(before.schema == narrow)
        try log.begin(cut: 0)
        #expect(try committer.commit(old(1, 6)) == .goOn(from: Position(2)))
        #expect(
            try committer.commit(StreamEvents.append(from: 2, hours: [7])) == .goOn(from: .init(3)))
        let state = try log.state(at: .newest)
        #expect(state.schema == StreamEvents.schema)
        #expect(try state.unsortedIntegers() == [5, 6, 7])
        #expect(try before.unsortedIntegers() == [5])
        let rows = try state.rows(workers: 1)
        let known = try (0..<rows.chunkCount).flatMap {
            try rows.read(chunk: $0, schema: StreamEvents.schema).columns[2].scalars
        }
        #expect(known == [.null, .null, .timestamp(EventRows.hour(7))])
        try refusedSchemas(log, narrow, committer)
    }

    private func refusedSchemas(
        _ log: any EventLog, _ narrow: Schema, _ committer: any StreamCommitter<StreamAppend>
    ) throws {
        for schema in [narrow, Schema([Field(name: "number", type: .string)])] {
            let error = #expect(throws: (any Error).self) { try log.begin(cut: 0, schema: schema) }
            #expect(error.flatMap(code)?.contains("schema") == true)
        }
        let taken = Schema(StreamEvents.schema.fields + [Field(name: "_offset", type: .int64)])
        #expect(throws: (any Error).self) { try log.begin(cut: 0, schema: taken) }
        let unknown = ColumnBatch(
            schema: Schema([Field(name: "other", type: .int64)]),
            columns: [Column(type: .int64, [.integer(1)])], rowCount: 1)
        var append = StreamEvents.append(from: 3, hours: [8])
        append.rows = unknown
        let error = #expect(throws: StoreError.self) { _ = try committer.commit(append) }
        #expect(error?.code == .schema && error?.message.contains("'other'") == true)
    }

    /// An interval that widens a column does not stop a stream that has the old one.
    public func widenedByInterval() throws {
        let log = try open().eventLog(of: "widened by interval")
        let narrow = Schema([
            Field(name: "number", type: .int32), Field(name: "at", type: .timestamp),
            Field(name: StreamRows.knownAt, type: .timestamp),
        ])
        try log.begin(cut: 24, schema: narrow)
        let committer = try log.claimed()
        let old = { (start: Int64, hour: Int64) in
            var append = StreamEvents.append(from: start, hours: [hour])
            let number = Column(type: .int32, [.integer(hour)])
            append.rows = ColumnBatch(
                schema: narrow, columns: [number] + append.rows.columns.dropFirst(), rowCount: 1)
            return append
        }
        #expect(try committer.commit(old(0, 30)) == .goOn(from: Position(1)))
        _ = try log.append(
            EventRows.day(0), identity: [1], schema: StreamEvents.schema, at: EventRows.hour(0)
        ) { writer in
            #expect(try committer.commit(old(1, 31)) == .goOn(from: Position(2)))
            let part = StreamEvents.append(from: 0, hours: [3])
            try writer.write(part.rows, eventTimes: part.eventTimes)
        }
        #expect(try committer.commit(old(2, 32)) == .goOn(from: Position(3)))
        let state = try log.state(at: .newest)
        #expect(try state.unsortedIntegers() == [3, 30, 31, 32])
        #expect(state.schema == StreamEvents.schema)
    }
}

extension EventLogState {
    /// The integers of a column over all rows, in their order; what is null is left out.
    public func unsortedIntegers(_ column: String = "number") throws -> [Int64] {
        let rows = try rows(workers: 2)
        let schema = Schema([Field(name: column, type: .int64)])
        return try (0..<rows.chunkCount).flatMap { chunk in
            try rows.read(chunk: chunk, schema: schema).columns[0].scalars.compactMap {
                if case .integer(let number) = $0 { return number }
                return nil
            }
        }
    }
}
