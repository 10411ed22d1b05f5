import Columns
import TestSupport
import Testing
import Values

@testable import Jobs

@Suite("The digest of a bag of rows")
struct RowDigestTests {
    private static let types = DataType.columnTypes + DataType.sizedTypes

    @Test("does not depend on the order of the rows and on how they are divided", arguments: 0..<8)
    func order(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let batch = canonical(generator.batch(rows: 60, types: Self.types))
        var parts = RowDigest()
        let shuffled = (0..<60 as Range<Int32>).shuffled(using: &generator)
        for start in stride(from: 0, to: 60, by: 7) {
            let rows = Array(shuffled[start..<min(start + 7, 60)])
            var part = RowDigest()
            part.add(batch.gathering(FixedValues(rows)))
            parts.merge(part)
        }
        #expect(parts == digest(batch), "seed \(seed)")
    }

    @Test("changes with every cell, every row and every repetition", arguments: 0..<8)
    func changes(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let batch = canonical(generator.batch(rows: 4, types: Self.types))
        let original = digest(batch)
        var seen: Set = [original.text]
        var wanted = 1
        for (index, column) in batch.columns.enumerated() {
            for row in 0..<4 {
                var scalars = column.scalars
                let old = scalars[row]
                scalars[row] = generator.scalars(1, of: column.type)[0]
                let new = Column(type: column.type, scalars).canonical
                if new.scalar(at: row).isIdentical(to: old) { continue }
                var columns = batch.columns
                columns[index] = new
                let other = ColumnBatch(schema: batch.schema, columns: columns, rowCount: 4)
                #expect(digest(other) != original, "seed \(seed) \(column.type) row \(row)")
            }
        }
        for rows in [[0, 1, 2], [0, 1, 2, 3, 3], [0, 0, 1, 2, 3], []] as [[Int32]] {
            seen.insert(digest(batch.gathering(FixedValues(rows))).text)
            wanted += 1
        }
        #expect(seen.count == wanted)
    }

    @Test("tells which values stand in one row")
    func rows() {
        func digest(_ left: [Int64], _ right: [Int64]) -> RowDigest {
            let columns = [left, right].map { values in
                Column(type: .int64, values.map { Scalar.integer($0) })
            }
            let fields = ["a", "b"].map { Field(name: $0, type: .int64) }
            return self.digest(
                ColumnBatch(schema: Schema(fields), columns: columns, rowCount: left.count))
        }
        let original = digest([1, 2], [3, 4])
        #expect(original == digest([2, 1], [4, 3]))
        for other in [digest([1, 2], [4, 3]), digest([3, 4], [1, 2]), digest([1, 4], [3, 2])] {
            #expect(other != original)
        }
    }

    @Test("is the same for narrower types that hold the same values")
    func widths() {
        func digest(_ type: DataType, _ values: [Scalar]) -> RowDigest {
            self.digest(
                ColumnBatch(
                    schema: Schema([Field(name: "a", type: type)]),
                    columns: [Column(type: type, values)], rowCount: values.count))
        }
        let numbers: [Scalar] = [.integer(-1), .null, .integer(2_000_000_000)]
        #expect(digest(.int32, numbers) == digest(.int64, numbers))
        #expect(digest(.int64, numbers).count == 3)
        #expect(digest(.float, [.double(0.5)]) == digest(.double, [.double(0.5)]))
    }

    private func digest(_ batch: ColumnBatch) -> RowDigest {
        var digest = RowDigest()
        digest.add(batch)
        return digest
    }

    private func canonical(_ batch: ColumnBatch) -> ColumnBatch {
        ColumnBatch(
            schema: batch.schema, columns: batch.columns.map(\.canonical),
            rowCount: batch.rowCount)
    }
}
