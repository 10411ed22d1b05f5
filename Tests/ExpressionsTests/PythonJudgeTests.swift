import Columns
import Expressions
import Foundation
import Testing
import Values

@Suite("Expressions agree with judges that share no code", .enabled(if: PythonJudge.exists))
struct PythonJudgeTests {
    private static let types: [DataType] = [
        .bool, .int64, .double, .string, .timestamp, .duration, .int32, .float,
    ]

    @Test("with the oracle's exact arithmetic in Python, on random expressions")
    func oracle() throws {
        var cases: [PythonJudge.Case] = []
        for seed in 50_000..<53_000 as Range<UInt64> {
            var generator = SketchGenerator(seed: seed)
            let sketch = generator.draw(Self.types[Int(seed) % 8], depth: Int(seed / 8) % 5)
            if sketch.text.contains(" as date)") { continue }
            cases.append(PythonJudge.Case(text: sketch.text, batch: generator.batch()))
        }
        try compare(cases, with: "evaluate_expressions.py")
    }

    /// Our spelling, and DuckDB's where it differs. Left out is what DuckDB decides otherwise:
    /// `/` by zero, the least integer `% -1`, literals with a point (decimals there), casts that round.
    private static let shared: [(ours: String, sql: String)] = [
        ("i + j", "i + j"), ("i - j", "i - j"), ("i * j", "i * j"), ("i // j", "i // j"),
        ("i % k", "case when k = -1 then i - i else i % k end"), ("k + k", "k::bigint + k"),
        ("-i", "-i"), ("abs(i)", "abs(i)"),
        ("a + b", "a + b"), ("a - b * a", "a - b * a"), ("abs(a)", "abs(a)"), ("-a", "-a"),
        ("if(b = 0, null, a / b)", "case when b = 0 then null else a / b end"),
        ("a + i", "a + i::double"), ("f + a", "f::double + a"), ("i / 7", "i::double / 7"),
        ("a = b", "a = b"), ("a != b", "a != b"), ("a < b", "a < b"), ("a <= b", "a <= b"),
        ("a > b", "a > b"), ("a >= b", "a >= b"), ("i < j", "i < j"), ("f < a", "f::double < a"),
        ("i < a", "i::double < a"), ("s < u", "s < u"), ("s >= u", "s >= u"),
        ("s = 'a'", "s = 'a'"),
        ("p and q or not p", "p and q or not p"), ("not (p or q)", "not (p or q)"),
        ("p = q", "p = q"), ("p < q", "p < q"), ("t < v", "t < v"), ("t = v", "t = v"),
        ("a is null", "a is null"), ("p is not null and q", "p is not null and q"),
        ("coalesce(i, j, k)", "coalesce(i, j, k)"), ("coalesce(s, u)", "coalesce(s, u)"),
        ("if(p, s, u)", "if(p, s, u)"), ("if(a > 1, i, 0)", "if(a > 1, i, 0)"),
        ("cast(i as double)", "i::double"), ("cast(i as string)", "i::varchar"),
        ("cast(p as string)", "p::varchar"), ("cast(p as int64)", "p::bigint"),
        ("cast(i as int32)", "i::integer"), ("cast(a as float)", "a::float"),
        ("cast(a as int64)", "trunc(a)::bigint"),
        ("year(t)", "year(t)"), ("month(t)", "month(t)"), ("day(t)", "day(t)"),
        ("hour(t)", "hour(t)"), ("minute(t)", "minute(t)"), ("second(t)", "second(t)"),
        ("day_of_week(t)", "isodow(t)"), ("day_of_year(t)", "dayofyear(t)"),
        ("year(cast(t as date))", "year(t::date)"),
        ("(t - v) / minutes(1)", "(epoch_us(t) - epoch_us(v))::double / 60000000"),
        ("t + hours(k) > v", "epoch_us(t) + k::bigint * 3600000000 > epoch_us(v)"),
    ]

    @Test("with DuckDB, on the language they share")
    func duckDB() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            var generator = SketchGenerator(seed: seed)
            let batch = ordinaryTimes(in: generator.batch(rowCount: 120))
            let cases = Self.shared.map {
                PythonJudge.Case(text: $0.ours, sql: $0.sql, batch: batch)
            }
            try compare(cases, with: "duckdb_expressions.py")
        }
    }

    /// DuckDB's ranges of times and of casts to float end elsewhere: keep to what both have.
    private func ordinaryTimes(in batch: ColumnBatch) -> ColumnBatch {
        let columns = zip(batch.schema.fields, batch.columns).map { field, column in
            Column(
                type: field.type,
                (0..<column.count).map { row in
                    switch column.scalar(at: row) {
                    case .timestamp(let time) where time.microseconds.magnitude > 1 << 60:
                        return .timestamp(EventTime(microseconds: -1_234_567_890_123))
                    case .double(let value) where value.isFinite && value.magnitude > 1e38:
                        return .double(value > 0 ? 3 : -3)
                    case .date: return .date(3)
                    case let other: return other
                    }
                })
        }
        return ColumnBatch(schema: batch.schema, columns: columns, rowCount: batch.rowCount)
    }

    private func compare(_ cases: [PythonJudge.Case], with script: String) throws {
        var ours: [String] = []
        var lines: [String] = []
        for wanted in cases {
            let typed = try ExpressionSyntax.parse(wanted.text, at: start)
                .typed(in: Scope(wanted.batch.schema.fields))
            var faults = FaultCounts()
            let column = typed.evaluate(wanted.batch, faults: &faults)
            ours.append("\(typed.type) \(PythonJudge.cells(column))")
            lines.append(wanted.line(type: typed.type))
        }
        let theirs = try PythonJudge.run(script, lines)
        #expect(theirs.count == ours.count)
        var differences = 0
        for (index, line) in theirs.enumerated() where line != ours[index] && differences < 5 {
            differences += 1
            Issue.record("\(cases[index].text)\n ours \(ours[index])\ntheirs \(line)")
        }
    }
}

/// The judges in `Tests/Judges`, run by the Python that the Makefile installs.
private enum PythonJudge {
    struct Case {
        let text: String
        var sql = ""
        let batch: ColumnBatch

        func line(type: DataType) -> String {
            let columns = batch.schema.fields.map { "\"\($0.name)\": \"\($0.type)\"" }
            let rows = (0..<batch.rowCount).map { row in
                "[\(batch.columns.map { PythonJudge.cell($0.scalar(at: row)) }.joined(separator: ", "))]"
            }
            return """
                {"text": "\(text)", "sql": "\(sql)", "type": "\(type)", \
                "columns": {\(columns.joined(separator: ", "))}, \
                "rows": [\(rows.joined(separator: ", "))]}
                """
        }
    }

    static var root: URL {
        (0..<3).reduce(URL(filePath: #filePath)) { path, _ in path.deletingLastPathComponent() }
    }

    static var python: URL { root.appending(path: ".build/judges/bin/python") }

    static var exists: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    static func cells(_ column: Column) -> String {
        "[\((0..<column.count).map { cell(column.scalar(at: $0)) }.joined(separator: ", "))]"
    }

    static func cell(_ value: Scalar) -> String {
        switch value {
        case .null: return "null"
        case .bool(let bool): return bool ? "true" : "false"
        case .double(let double):
            let digits = String(double.bitPattern, radix: 16)
            return "\"\(String(repeating: "0", count: 16 - digits.count))\(digits)\""
        case .string(let text): return "\"\(text)\""
        default: return "\(OracleArithmetic.wide(value))"
        }
    }

    static func run(_ script: String, _ lines: [String]) throws -> [Substring] {
        let input = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: input) }
        try Data(lines.joined(separator: "\n").utf8).write(to: input)
        let process = Process()
        process.executableURL = python
        process.arguments = ["-B", root.appending(path: "Tests/Judges/\(script)").path]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}
