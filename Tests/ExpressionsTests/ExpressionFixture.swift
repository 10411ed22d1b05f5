import Columns
import Expressions
import TestSupport
import Values

/// Where the expressions of the tests begin.
let start = SourceLocation(file: "views.yaml", line: 7, column: 11)

/// A batch of a few rows for tests that look at single values.
struct ExpressionFixture {
    var batch: ColumnBatch

    init(_ columns: [(name: String, type: DataType, values: [Scalar])]) {
        batch = ColumnBatch(
            schema: Schema(columns.map { Field(name: $0.name, type: $0.type) }),
            columns: columns.map { Column(type: $0.type, $0.values) },
            rowCount: columns.first?.values.count ?? 1)
    }

    var scope: Scope { Scope(batch.schema.fields) }

    /// The values of `text` for all rows, with what failed.
    func evaluate(_ text: String) throws -> (values: [Scalar], type: DataType, faults: FaultCounts)
    {
        let expression = try ExpressionSyntax.parse(text, at: start).typed(in: scope)
        var faults = FaultCounts()
        let column = expression.evaluate(batch, faults: &faults)
        return ((0..<column.count).map { column.scalar(at: $0) }, column.type, faults)
    }
}

/// The value of an expression without columns.
func constant(_ text: String) throws -> Scalar {
    let one = ExpressionFixture([("unused", .bool, [.null])])
    return try one.evaluate(text).values[0]
}

/// The diagnostic of a text that is no expression over `fields`.
func diagnostic(_ text: String, _ fields: [Field] = []) -> Diagnostic? {
    do throws(Diagnostic) {
        _ = try ExpressionSyntax.parse(text, at: start).typed(in: Scope(fields))
        return nil
    } catch {
        return error
    }
}
