import Columns
import TestSupport
import Testing
import Values

@Suite("Batches")
struct ColumnBatchTests {
    @Test("of every type gather, and find their columns by name", arguments: [0, 1, 64, 65])
    func gathering(rows: Int) {
        var generator = SeededGenerator(seed: UInt64(rows))
        let batch = generator.batch(rows: rows)
        let reversed = batch.gathering(FixedValues((0..<Int32(rows)).reversed()))
        #expect(reversed.rowCount == rows)
        #expect(reversed.schema == batch.schema)
        for field in batch.schema.fields {
            let values = batch[field.name]?.scalars ?? []
            #expect(values.count == rows)
            #expect(reversed[field.name]?.holds(values.reversed()) == true, "\(field.name)")
        }
        #expect(batch["missing"] == nil)
    }

    @Test("take one more column")
    func appending() {
        var generator = SeededGenerator(seed: 3)
        let column = Column(type: .bool, generator.scalars(5, of: .bool))
        let batch = generator.batch(rows: 5, types: [.int64]).appending(column, named: "flag")
        #expect(batch.schema.fields.map(\.name) == ["int64", "flag"])
        #expect(batch["flag"]?.holds(column.scalars) == true)
    }

    @Test("can have rows without columns")
    func withoutColumns() {
        let batch = ColumnBatch(schema: Schema([]), columns: [], rowCount: 7)
        #expect(batch.gathering(FixedValues([1, 2])).rowCount == 2)
    }

    @Test("refuse columns of another type, length or number")
    func mismatches() async {
        await #expect(processExitsWith: .failure) {
            _ = ColumnBatch(
                schema: Schema([Field(name: "a", type: .int64)]),
                columns: [Column(nullsOf: .bool, count: 1)], rowCount: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = ColumnBatch(
                schema: Schema([Field(name: "a", type: .bool)]),
                columns: [Column(nullsOf: .bool, count: 1)], rowCount: 2)
        }
        await #expect(processExitsWith: .failure) {
            _ = ColumnBatch(
                schema: Schema([Field(name: "a", type: .bool)]), columns: [], rowCount: 0)
        }
    }

    @Test("the same seed draws the same batch")
    func reproducible() {
        var first = SeededGenerator(seed: 9)
        var second = SeededGenerator(seed: 9)
        let left = first.batch(rows: 50)
        let right = second.batch(rows: 50)
        for (column, other) in zip(left.columns, right.columns) {
            #expect(column.holds(other.scalars))
        }
    }
}
