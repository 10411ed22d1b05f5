// Appends intervals to a lake until all are there: what the kill tests kill.
//
// Arguments: the lake's folder, how many intervals of two days, how many rows each, the round, and
// the greatest size of a file, 0 for any. Interval i has the rows i * rows and on, each with its
// number and the round. Says on standard output how far it is.
//
// Or: the lake's folder, `stream`, a partition, how many records, and how many each commit has.
import Columns
import Glibc
import Lake
import Stores
import Values

func tell(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = unsafe line.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

if CommandLine.arguments.dropFirst(2).first == "stream" {
    let numbers = CommandLine.arguments.dropFirst(3).compactMap { Int64($0) }
    guard numbers.count == 3 else { exit(2) }
    let writer = StreamWriter(
        partition: Int32(numbers[0]), count: numbers[1], size: numbers[2])
    do {
        let isDone = try writer.run(Lake(folder: CommandLine.arguments[1]).source("streamed"))
        tell(isDone ? "done" : "fenced")
        exit(isDone ? 0 : 3)
    } catch {
        tell("error \(error)")
        exit(75)
    }
}
let numbers = CommandLine.arguments.dropFirst(2).compactMap { Int64($0) }
guard numbers.count == 4 else { exit(2) }
let (intervals, rows, round, limit) = (numbers[0], numbers[1], numbers[2], numbers[3])
if limit > 0 {
    signal(SIGXFSZ, SIG_IGN)
    var size = rlimit(rlim_cur: UInt(limit), rlim_max: UInt(limit))
    guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &size) == 0 else { exit(2) }
}
let span: Int64 = 2 * 86_400_000_000
let schema = Schema([
    Field(name: "number", type: .int64), Field(name: "round", type: .int64),
    Field(name: "at", type: .timestamp),
])
do {
    let source = try Lake(folder: CommandLine.arguments[1]).source("events")
    for interval in 0..<intervals {
        let times = EventInterval(
            from: EventTime(microseconds: interval * span),
            to: EventTime(microseconds: (interval + 1) * span))
        _ = try source.append(times, identity: [UInt8(round)], schema: schema, at: times.to) {
            append in
            for start in stride(from: Int64(0), to: rows, by: 50) {
                let batch = start..<min(start + 50, rows)
                let at = batch.map { interval * span + $0 * (span / rows) }
                let columns = [
                    Column(
                        type: .int64, count: batch.count,
                        storage: .int64(FixedValues(batch.map { interval * rows + $0 }))),
                    Column(
                        type: .int64, count: batch.count,
                        storage: .int64(FixedValues(batch.map { _ in round }))),
                    Column(
                        type: .timestamp, count: batch.count, storage: .int64(FixedValues(at))),
                ]
                try append.write(
                    ColumnBatch(schema: schema, columns: columns, rowCount: batch.count),
                    eventTimes: columns[2])
                tell("wrote")
            }
        }
        tell("published \(interval)")
    }
} catch let error as LakeError {
    tell("error \(error.code.name): \(error.message)")
    exit(75)
} catch {
    exit(1)
}
