import Columns
import Expressions
import Testing
import Values

@Suite struct RandomExpressionTests {
    private static let types: [DataType] = [
        .bool, .int64, .double, .string, .timestamp, .duration, .date, .int32, .float,
    ]

    @Test("Whole columns give what the oracle gives row by row, and count the same faults")
    func againstOracle() throws {
        var shown = 0
        var batch = ColumnBatch(schema: Schema([]), columns: [], rowCount: 0)
        for seed in 0..<5_400 as Range<UInt64> where shown < 5 {
            var generator = SketchGenerator(seed: seed)
            if seed % 9 == 0 { batch = generator.batch() }
            let type = Self.types[Int(seed) % Self.types.count]
            let sketch = generator.draw(type, depth: Int(seed / 9) % 5)
            let failure = try difference(sketch, batch)
            if let failure {
                shown += 1
                Issue.record("seed \(seed): \(sketch.text): \(failure)")
            }
        }
    }

    private func difference(_ sketch: Sketch, _ batch: ColumnBatch) throws -> String? {
        let scope = Scope(batch.schema.fields, zones: systemZones)
        let typed = try ExpressionSyntax.parse(sketch.text, at: start).typed(in: scope)
        if typed.type != sketch.type { return "has the type \(typed.type)" }
        let canonical = typed.canonicalText
        let again = try ExpressionSyntax.parse(canonical, at: start).typed(in: scope)
        if again != typed || again.canonicalText != canonical { return "not \(canonical)" }

        var (faults, expected) = (FaultCounts(), FaultCounts())
        let column = typed.evaluate(batch, faults: &faults)
        if column.count != batch.rowCount || column.type != sketch.type { return "another shape" }
        let used = typed.referencedColumns.compactMap { name in batch[name].map { (name, $0) } }
        for index in 0..<batch.rowCount {
            let row = Row(uniqueKeysWithValues: used.map { ($0, $1.scalar(at: index)) })
            let wanted = sketch.value(row, &expected)
            let found = column.scalar(at: index)
            if !OracleArithmetic.isSame(found, wanted) {
                return "row \(index) is \(found), not \(wanted)"
            }
        }
        if faults != expected { return "counts \(faults), not \(expected)" }
        return rowDifference(typed, batch, column, faults)
    }

    @Test("A batch cut in pieces gives the same values and faults as the whole")
    func splitting() throws {
        for seed in 20_000...20_150 as ClosedRange<UInt64> {
            var generator = SketchGenerator(seed: seed)
            let sketch = generator.draw(Self.types[Int(seed) % 9], depth: 3)
            let batch = generator.batch()
            let typed = try ExpressionSyntax.parse(sketch.text, at: start)
                .typed(in: Scope(batch.schema.fields))
            var (whole, pieces) = (FaultCounts(), FaultCounts())
            let column = typed.evaluate(batch, faults: &whole)
            for row in 0..<batch.rowCount {
                let piece = batch.gathering(FixedValues([Int32(row)]))
                let value = typed.evaluate(piece, faults: &pieces).scalar(at: 0)
                #expect(OracleArithmetic.isSame(value, column.scalar(at: row)), "seed \(seed)")
            }
            #expect(whole == pieces, "seed \(seed): \(sketch.text)")
        }
    }
}
