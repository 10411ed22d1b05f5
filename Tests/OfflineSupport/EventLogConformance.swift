import Columns
import PointInTime
public import Stores
import TestSupport
import Testing
import Values

/// What every event log must do. Each case works on a source of its own name.
public struct EventLogConformance: Sendable {
    /// Opens the offline store of one test, again and again the same.
    public let open: @Sendable () throws -> any OfflineStore
    /// The code of an error of the store.
    public let code: @Sendable (any Error) -> String?

    /// A suite over one store.
    public init(
        open: @escaping @Sendable () throws -> any OfflineStore,
        code: @escaping @Sendable (any Error) -> String?
    ) {
        self.open = open
        self.code = code
    }

    /// The rows of an interval come back; rows of other times and without one are counted.
    public func appending() throws {
        let log = try open().eventLog(of: "appending")
        let empty = try log.state(at: .newest)
        #expect(try empty.version == 0 && empty.schema == nil && empty.integers().isEmpty)
        let receipt = try log.append(EventRows.day(1, count: 40), [0, 23, 24, nil, 47, 983, 984])
        #expect(receipt.isNew && receipt.counts.written == 3)
        #expect(receipt.counts.outside == 3 && receipt.counts.withoutTime == 1)
        let state = try open().eventLog(of: "appending").state(at: .newest)
        #expect(try state.integers() == [24, 47, 983])
        #expect(state.schema == EventRows.schema && state.version == 1)
        #expect(state.intervals == [receipt.entry] && receipt.entry.rowCount == 3)
    }

    /// The same interval of the same input is not appended twice, nor are its rows asked for.
    public func sameAgain() throws {
        let log = try open().eventLog(of: "same again")
        let first = try log.append(EventRows.day(0), Array(0..<24))
        let again = try log.append(
            EventRows.day(0), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
        ) { _ in Issue.record("the rows were asked for") }
        #expect(!again.isNew && again.entry == first.entry)
        #expect(try log.state(at: .newest).integers() == Array(0..<24))
    }

    /// Other input takes the place of an interval's rows; older states keep theirs.
    public func replacing() throws {
        let log = try open().eventLog(of: "replacing")
        try log.append(EventRows.day(0), [1, 2, 3])
        try log.append(EventRows.day(1), [30])
        let before = try log.state(at: .newest)
        try log.append(EventRows.day(0), identity: 2, [4])
        #expect(try log.state(at: .newest).integers() == [4, 30])
        #expect(try before.integers() == [1, 2, 3, 30])
        #expect(try log.state(at: .version(1)).integers() == [1, 2, 3])
        #expect(try log.state(at: .newest).identity != before.identity)
        #expect(try log.state(at: .version(2)).identity == before.identity)
    }

    /// Overlapping intervals are refused, and the gaps can be asked for.
    public func overlapping() throws {
        let log = try open().eventLog(of: "overlapping")
        try log.append(EventRows.day(2, count: 2), [50])
        let error = #expect(throws: (any Error).self) {
            try log.append(EventRows.day(1, count: 2), [30])
        }
        #expect(error.flatMap(code)?.contains("overlap") == true)
        let state = try log.state(at: .newest)
        #expect(
            state.gaps(in: EventRows.day(0, count: 6))
                == [EventRows.day(0, count: 2), EventRows.day(4, count: 2)])
        #expect(state.gaps(in: EventRows.day(3)).isEmpty)
    }

    /// An append that fails leaves nothing, and the next one works.
    public func failing() throws {
        struct Failure: Error {}
        let log = try open().eventLog(of: "failing")
        try log.append(EventRows.day(0), [1])
        #expect(throws: Failure.self) {
            _ = try log.append(
                EventRows.day(1, count: 200), identity: [1], schema: EventRows.schema,
                at: EventRows.hour(0)
            ) { append in
                for day in Int64(1)..<150 {
                    let batch = EventRows.batch([day * 24])
                    try append.write(batch, eventTimes: batch.columns[1])
                }
                throw Failure()
            }
        }
        #expect(try log.state(at: .newest).integers() == [1])
        try log.append(EventRows.day(1, count: 200), [30])
        #expect(try log.state(at: .newest).integers() == [1, 30])
    }

    /// Columns may be added and widened, and nothing else.
    public func schemas() throws {
        let log = try open().eventLog(of: "schemas")
        let narrow = Schema([Field(name: "number", type: .int32)])
        let times = EventRows.batch([1]).columns[1]
        let small = Column(type: .int32, [.integer(7)])
        _ = try log.append(
            EventRows.day(0), identity: [1], schema: narrow, at: EventRows.hour(0)
        ) { append in
            try append.write(
                ColumnBatch(schema: narrow, columns: [small], rowCount: 1), eventTimes: times)
        }
        let before = try log.state(at: .newest)
        try log.append(EventRows.day(1), [30])
        #expect(try log.state(at: .newest).integers() == [7, 30])
        #expect(try log.state(at: .newest).integers("number") == [7, 30])
        #expect(try before.integers() == [7])
        let rows = try log.state(at: .newest).rows(workers: 1)
        let read = try (0..<rows.chunkCount).map {
            try rows.read(chunk: $0, schema: EventRows.schema)
        }
        #expect(read.map { $0.columns[1].isNull(0) } == [true, false])
        for (schema, name) in [
            (Schema([Field(name: "number", type: .int64)]), "at"),
            (Schema([Field(name: "number", type: .string)]), "number"),
        ] {
            let error = #expect(throws: (any Error).self) {
                _ = try log.append(
                    EventRows.day(2), identity: [1], schema: schema, at: EventRows.hour(0)
                ) { _ in }
            }
            #expect(error.flatMap(code)?.contains("schema") == true)
            #expect(error.map { "\($0)" }?.contains("'\(name)'") == true)
        }
    }

    /// Every type comes back exactly, under names of any kind.
    public func everyType() throws {
        let log = try open().eventLog(of: "a source's \"name\"")
        var generator = SeededGenerator(seed: 5)
        let types: [DataType] = [
            .bool, .int32, .int64, .float, .double, .bytes, .date,
            .decimal(precision: 12, scale: 2), .list(.int64), .list(.bytes), .vector(length: 3),
        ]
        let schema = Schema(
            types.enumerated().map { Field(name: "a \"name\" \($0.offset)", type: $0.element) }
                + [Field(name: "text", type: .string)])
        let hours = (0..<500).map { Optional(Int64($0)) }
        let text = Column(type: .string, hours.map { .string("ä'\"\\ \($0 ?? 0)\n") })
        let columns = types.map { type in
            Column(type: type, generator.scalars(500, of: type).map(\.bounded))
        }
        let batch = ColumnBatch(schema: schema, columns: columns + [text], rowCount: 500)
        _ = try log.append(
            EventRows.day(0, count: 30), identity: [1], schema: schema, at: EventRows.hour(5)
        ) { append in
            try append.write(batch, eventTimes: EventRows.batch(hours).columns[1])
        }
        let state = try log.state(at: .newest)
        #expect(state.schema == schema)
        let rows = try state.rows(workers: 1)
        let read = try (0..<rows.chunkCount).map { try rows.read(chunk: $0, schema: schema) }
        for (index, field) in schema.fields.enumerated() {
            let found = read.flatMap { $0.columns[index].scalars }
            let key = read.flatMap { $0.columns[types.count].scalars }
            let order = key.indices.sorted { "\(key[$0])" < "\(key[$1])" }
            let expected = batch.columns[index].scalars
            let wanted = text.scalars.indices.sorted {
                "\(text.scalar(at: $0))" < "\(text.scalar(at: $1))"
            }
            let isSame = zip(order, wanted).allSatisfy { found[$0].isIdentical(to: expected[$1]) }
            #expect(found.count == 500 && isSame, "\(field.type)")
        }
    }

    /// The log as it was at a time of the clock.
    public func earlierTimes() throws {
        let log = try open().eventLog(of: "earlier times")
        for (day, hour) in [(Int64(0), Int64(10)), (1, 20), (0, 30)] {
            _ = try log.append(
                EventRows.day(day), identity: [UInt8(hour)], schema: EventRows.schema,
                at: EventRows.hour(hour)
            ) { append in
                let batch = EventRows.batch([day * 24 + hour % 24])
                try append.write(batch, eventTimes: batch.columns[1])
            }
        }
        let times: [(hour: Int64, rows: [Int64])] = [
            (9, []), (10, [10]), (19, [10]), (20, [10, 44]), (29, [10, 44]), (30, [6, 44]),
        ]
        for (hour, rows) in times {
            let state = try log.state(at: .time(EventRows.hour(hour)))
            #expect(try state.integers() == rows, "at hour \(hour)")
            #expect(try state.identity == log.state(at: .version(state.version)).identity)
        }
    }

    /// Rows are removed from every state, and the same input is not appended again.
    public func removing() throws {
        let log = try open().eventLog(of: "removing")
        let none = try log.remove(
            EventRows.multiples(of: 5), at: EventRows.hour(1), isDryRun: false)
        #expect(none.isEmpty)
        try log.append(EventRows.day(0), Array(0..<24))
        try log.append(EventRows.day(1, count: 2), [25, 30, 48])
        try log.append(EventRows.day(3), [75])
        try log.append(EventRows.day(0), identity: 2, [4, 5, 6])
        let before = try log.state(at: .newest)
        let planned = try log.remove(
            EventRows.multiples(of: 5), at: EventRows.hour(1), isDryRun: true)
        #expect(planned.rows == 4 && planned.replacedRows == 5)
        #expect(try log.state(at: .newest).identity == before.identity)
        let removal = try open().eventLog(of: "removing")
            .remove(EventRows.multiples(of: 5), at: EventRows.hour(1), isDryRun: false)
        #expect(removal == planned)
        let after = try log.state(at: .newest)
        #expect(try after.integers() == [4, 6, 48])
        #expect(
            try log.state(at: .version(1)).integers() == (0..<24).filter { $0 % 5 != 0 })
        #expect(after.identity != before.identity && after.version == before.version)
        #expect(after.intervals.map(\.interval) == before.intervals.map(\.interval))
        #expect(after.intervals.map(\.identity) == before.intervals.map(\.identity))
        #expect(after.intervals.map(\.rowCount) == [2, 1, 0])
        let again = try log.append(
            EventRows.day(3), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
        ) { _ in Issue.record("the rows were asked for") }
        #expect(!again.isNew)
        let second = try log.remove(
            EventRows.multiples(of: 5), at: EventRows.hour(2), isDryRun: false)
        #expect(second.isEmpty)
        let third = try log.remove(
            EventRows.multiples(of: 2), at: EventRows.hour(2), isDryRun: false)
        #expect(third.rows == 3)
        try log.append(EventRows.day(4), [100, 101])
        #expect(try log.state(at: .newest).integers() == [100, 101])
        #expect(try open().sources().contains("removing"))
    }

    /// A removal that fails removes nothing, and waits for no writer.
    public func removingFails() throws {
        struct Failure: Error {}
        let log = try open().eventLog(of: "removing fails")
        for day in 0..<3 as Range<Int64> {
            try log.append(EventRows.day(day), Array(day * 24..<day * 24 + 24))
        }
        let failing = RowSelection(schema: EventRows.multiples(of: 2).schema) { batch in
            guard batch.columns[0].scalar(at: 0) == .integer(0) else { throw Failure() }
            return [0]
        }
        #expect(throws: Failure.self) {
            _ = try log.remove(failing, at: EventRows.hour(0), isDryRun: false)
        }
        #expect(try log.state(at: .newest).integers() == Array(0..<72))
        let error = #expect(throws: (any Error).self) {
            _ = try log.append(
                EventRows.day(5), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
            ) { _ in
                _ = try log.remove(
                    EventRows.multiples(of: 5), at: EventRows.hour(0), isDryRun: false)
            }
        }
        #expect(error.flatMap(code)?.contains("busy") == true)
    }

    /// One process writes at a time.
    public func writers() throws {
        let log = try open().eventLog(of: "writers")
        let error = #expect(throws: (any Error).self) {
            _ = try log.append(
                EventRows.day(0), identity: [1], schema: EventRows.schema, at: EventRows.hour(0)
            ) { _ in try log.append(EventRows.day(1), [30]) }
        }
        #expect(error.flatMap(code)?.contains("busy") == true)
        try log.append(EventRows.day(0), [1])
    }
}

extension Scalar {
    /// The same, if every store can hold it; else something like it.
    fileprivate var bounded: Scalar {
        switch self {
        case .date(let days): .date(days / 2000)
        case .double(let number): .double(number == 0 ? 0 : number)
        case .list(let elements): .list(elements.map(\.bounded))
        default: self
        }
    }
}
