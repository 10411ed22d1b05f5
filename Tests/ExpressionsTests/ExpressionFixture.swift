import Columns
import Expressions
import Foundation
import TestSupport
import Testing
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

    var scope: Scope { Scope(batch.schema.fields, zones: systemZones) }

    /// The values of `text` for all rows, with what failed; each row alone must give the same.
    func evaluate(_ text: String) throws -> (values: [Scalar], type: DataType, faults: FaultCounts)
    {
        let expression = try ExpressionSyntax.parse(text, at: start).typed(in: scope)
        var faults = FaultCounts()
        let column = expression.evaluate(batch, faults: &faults)
        if let difference = rowDifference(expression, batch, column, faults) {
            Issue.record("\(text): \(difference)")
        }
        return ((0..<column.count).map { column.scalar(at: $0) }, column.type, faults)
    }
}

/// How the rows one by one differ from the whole columns; nil when they do not.
func rowDifference(
    _ expression: TypedExpression, _ batch: ColumnBatch, _ column: Column, _ faults: FaultCounts
) -> String? {
    let fields = batch.schema.fields.filter { expression.referencedColumns.contains($0.name) }
    let columns = fields.compactMap { batch[$0.name] }
    let rows = RowExpression(expression, columns: fields)
    var found = FaultCounts()
    for row in 0..<batch.rowCount {
        let value = rows.evaluate(columns.map { $0.scalar(at: row) }, faults: &found)
        if !OracleArithmetic.isSame(value, column.scalar(at: row)) {
            return "row \(row) alone is \(value), not \(column.scalar(at: row))"
        }
    }
    return found == faults ? nil : "rows alone count \(found), not \(faults)"
}

/// The zones of the system, read as the command reads them.
let systemZones = ZoneCatalog { name throws(ZoneCatalog.Unknown) in
    let file = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)")
    guard let table = file.flatMap({ ZoneTable(compiled: Array($0)) }) else {
        throw ZoneCatalog.Unknown(hint: "write a name such as America/New_York")
    }
    return table
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
