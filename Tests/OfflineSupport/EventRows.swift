public import Columns
import PointInTime
public import Stores
public import Values

/// Rows of an event log for tests: a number and a time each.
public enum EventRows {
    /// The columns `number` and `at`.
    public static let schema = Schema([
        Field(name: "number", type: .int64), Field(name: "at", type: .timestamp),
    ])

    /// `count` days from day `first` after 1970-01-01 on.
    public static func day(_ first: Int64, count: Int64 = 1) -> EventInterval {
        EventInterval(from: hour(first * 24), to: hour((first + count) * 24))
    }

    /// An hour after 1970-01-01.
    public static func hour(_ number: Int64) -> EventTime {
        EventTime(microseconds: number * 3_600_000_000)
    }

    /// The rows whose number is a multiple of `divisor`.
    public static func multiples(of divisor: Int64) -> RowSelection {
        RowSelection(schema: Schema([schema.fields[0]])) { batch in
            (0..<Int32(batch.rowCount)).filter { row in
                guard case .integer(let number) = batch.columns[0].scalar(at: Int(row)) else {
                    return false
                }
                return number % divisor == 0
            }
        }
    }

    /// One row an hour, the number of the hour in it; nil = a row without a time.
    public static func batch(_ hours: [Int64?]) -> ColumnBatch {
        let numbers = Column(
            type: .int64, count: hours.count,
            storage: .int64(FixedValues(hours.map { $0 ?? -1 })))
        let times = Column(
            type: .timestamp, hours.map { $0.map { Scalar.timestamp(hour($0)) } ?? .null })
        return ColumnBatch(schema: schema, columns: [numbers, times], rowCount: hours.count)
    }
}

extension EventLog {
    /// Appends one row an hour of `hours`.
    @discardableResult
    public func append(
        _ interval: EventInterval, identity: UInt8 = 1, _ hours: [Int64?]
    ) throws -> EventLogReceipt {
        try append(interval, identity: [identity], schema: EventRows.schema, at: EventRows.hour(0))
        { append in
            let batch = EventRows.batch(hours)
            try append.write(batch, eventTimes: batch.columns[1])
        }
    }
}

extension EventLogState {
    /// The integers of a column over all rows, sorted.
    public func integers(_ column: String = "number") throws -> [Int64] {
        let rows = try rows(workers: 2)
        let schema = Schema([Field(name: column, type: .int64)])
        return try (0..<rows.chunkCount).flatMap { chunk -> [Int64] in
            let batch = try rows.read(chunk: chunk, schema: schema)
            return (0..<batch.rowCount).map { row in
                guard case .integer(let number) = batch.columns[0].scalar(at: row) else {
                    return .min
                }
                return number
            }
        }.sorted()
    }
}
