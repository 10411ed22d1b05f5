import Columns
import Glibc
import Postgres
import Synchronization
import Values

/// Copies rows into a table of PostgreSQL, or out of one into columns, and prints what that took as
/// one JSON object; `postgres.py` puts psql's times beside it.
///
///     postgres-bench in ADDRESS TABLE ROWS     the rows are made before the clock starts
///     postgres-bench out ADDRESS TABLE CONNECTIONS
@main
struct PostgresBench {
    static let schema = Schema([
        Field(name: "entity", type: .int64), Field(name: "happened_at", type: .timestamp),
        Field(name: "known_at", type: .timestamp), Field(name: "a", type: .double),
        Field(name: "b", type: .double), Field(name: "c", type: .double),
        Field(name: "d", type: .double), Field(name: "n", type: .int32),
        Field(name: "flag", type: .bool), Field(name: "city", type: .string),
    ])
    static let batchRows = 1 << 16

    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 5, let number = Int(words[4]) else {
            throw PostgresError(.refused, "usage: postgres-bench in|out ADDRESS TABLE NUMBER")
        }
        if words[1] == "in" {
            let batches = makeBatches(rows: number)
            try report { try copyIn(batches, words[2], words[3]) }
        } else {
            try report { try copyOut(words[2], words[3], connections: number) }
        }
    }

    static func copyIn(
        _ batches: [ColumnBatch], _ address: String, _ table: String
    ) throws(PostgresError) -> Int {
        var next = 0
        return try PGConnection(address).copyIn(table, columns: schema.fields.map(\.name)) {
            encoder throws(PostgresError) in
            try encoder.append(batches[next])
            next += 1
            return next < batches.count
        }
    }

    static func copyOut(
        _ address: String, _ table: String, connections: Int
    ) throws -> Int {
        let snapshot = try PGSnapshot(address)
        let parts = try snapshot.withConnection { connection throws(PostgresError) in
            connections == 1 ? [table] : try connection.parts(of: table, pages: 2048) ?? []
        }
        let names = schema.fields.map(\.name.quotedIdentifier).joined(separator: ", ")
        let next = Atomic<Int>(0)
        let total = Atomic<Int>(0)
        let threads = try (0..<connections).map { _ in
            try Worker {
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < parts.count else { return }
                    try? snapshot.withConnection { connection throws(PostgresError) in
                        try connection.copyOut(
                            "SELECT \(names) FROM \(parts[index])", schema: schema,
                            batchRows: batchRows
                        ) { batch throws(PostgresError) in
                            total.wrappingAdd(batch.rowCount, ordering: .relaxed)
                        }
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        return total.load(ordering: .relaxed)
    }

    static func report(_ work: () throws -> Int) throws {
        let (wall, cpu) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
        let rows = try work()
        print(
            "{\"rows\": \(rows), \"seconds\": \(now(CLOCK_MONOTONIC) - wall), "
                + "\"cpu\": \(now(CLOCK_PROCESS_CPUTIME_ID) - cpu)}")
    }

    static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func makeBatches(rows: Int) -> [ColumnBatch] {
        var state: UInt64 = 1
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 16
        }
        return stride(from: 0, to: rows, by: batchRows).map { start in
            let count = min(batchRows, rows - start)
            let columns = schema.fields.map { field -> Column in
                var column = ColumnAppender(type: field.type, capacity: count)
                for row in 0..<count {
                    let value = Int64(random() % 100_000)
                    switch field.type {
                    case .double:
                        if value % 20 == 0 {
                            column.appendNull()
                        } else {
                            column.append(double: Double(value) / 7)
                        }
                    case .string: column.append(text: Array("city of \(value % 500)".utf8)[...])
                    case .timestamp:
                        column.append(integer: (Int64(start + row) + value) * 1_000_000)
                    case .bool: column.append(integer: value % 2)
                    default: column.append(integer: value)
                    }
                }
                return column.finish()
            }
            return ColumnBatch(schema: schema, columns: columns, rowCount: count)
        }
    }
}

/// A thread of its own, as blocking work wants.
struct Worker {
    private let thread: pthread_t

    init(_ body: @escaping @Sendable () -> Void) throws(PostgresError) {
        let box = unsafe Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { pointer in
                if let pointer = unsafe pointer {
                    unsafe Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body()
                }
                return nil
            }, box.toOpaque())
        guard code == 0 else { throw PostgresError(.refused, "no thread") }
        self.thread = thread
    }

    func join() { pthread_join(thread, nil) }

    private final class Box: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
