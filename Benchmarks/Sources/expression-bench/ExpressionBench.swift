import Columns
import Expressions
import Glibc
import Values

/// Times expressions over columns of ten million rows, and one row at a time, in CPU time of the
/// thread; prints one JSON object. `expressions.py` puts DuckDB's times beside them.
@main
struct ExpressionBench {
    static let rowCount = 10_000_000
    static let batchSize = 8_192
    static let columnTexts = [
        "a * b + if(c > 0, d, 0)", "a * b", "sqrt(abs(a)) + floor(b)", "(a + b) / (c + 2)",
        "case when a > 0.5 then b when b > 0.5 then c else d end",
    ]
    static let rowTexts = [
        "(a + b) * c - d / 2 + abs(a) * (b - c) + if(c > 0, d, 1)",
        "a * b + if(c > 0, d, 0)", "case when a > 2 then 'x' else 'y' end",
    ]

    static func main() throws {
        let fields = ["a", "b", "c", "d"].map { Field(name: $0, type: .double) }
        let batches = makeBatches(fields)
        var results: [String] = []
        for text in columnTexts {
            let expression = try typed(text, fields)
            let seconds = fastest { evaluate(expression, batches) }
            results.append("\"\(text)\": \(seconds)")
        }
        var rows: [String] = []
        for text in rowTexts {
            let expression = RowExpression(try typed(text, fields), columns: fields)
            rows.append("\"\(text)\": \(nanoseconds(expression))")
        }
        print(
            "{\"rows\": \(rowCount), \"columns\": {\(results.joined(separator: ", "))}, "
                + "\"row\": {\(rows.joined(separator: ", "))}}")
    }

    static func typed(_ text: String, _ fields: [Field]) throws -> TypedExpression {
        try ExpressionSyntax.parse(text, at: SourceLocation(file: "bench", line: 1, column: 1))
            .typed(in: Scope(fields))
    }

    static func makeBatches(_ fields: [Field]) -> [ColumnBatch] {
        var random = SystemRandomNumberGenerator()
        return stride(from: 0, to: rowCount, by: batchSize).map { start in
            let count = min(batchSize, rowCount - start)
            let columns = fields.map { _ in
                Column(
                    type: .double, count: count,
                    storage: .double(
                        FixedValues(
                            (0..<count).map { _ in Double.random(in: -1...1, using: &random) })))
            }
            return ColumnBatch(schema: Schema(fields), columns: columns, rowCount: count)
        }
    }

    /// The sum of the expression over all rows, as an aggregate would take it.
    static func evaluate(_ expression: TypedExpression, _ batches: [ColumnBatch]) {
        var faults = FaultCounts()
        var total = 0.0
        for batch in batches {
            guard case .double(let values) = expression.evaluate(batch, faults: &faults).storage
            else { continue }
            unsafe values.withUnsafeBufferPointer { values in
                for index in values.indices { unsafe total += values[index] }
            }
        }
        precondition(total.isFinite && faults.total == 0)
    }

    static func nanoseconds(_ expression: RowExpression) -> Double {
        let values: [Scalar] = [.double(1.5), .double(2.5), .double(3), .double(4)]
        let rounds = 1_000_000
        var faults = FaultCounts()
        var found = 0
        let seconds = fastest {
            for _ in 0..<rounds where expression.evaluate(values, faults: &faults) != .null {
                found += 1
            }
        }
        precondition(found % rounds == 0)
        return seconds / Double(rounds) * 1e9
    }

    static func fastest(_ work: () -> Void) -> Double {
        (0..<5).map { _ in
            let start = threadSeconds()
            work()
            return threadSeconds() - start
        }.min() ?? 0
    }

    static func threadSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
