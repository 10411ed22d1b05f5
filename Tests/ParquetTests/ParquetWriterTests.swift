import Columns
import Foundation
import Parquet
import TestSupport
import Testing
import Values

/// A batch of one column.
func batch(_ name: String, _ type: DataType, _ values: [Scalar]) -> ColumnBatch {
    ColumnBatch(
        schema: Schema([Field(name: name, type: type)]), columns: [Column(type: type, values)],
        rowCount: values.count)
}

@Suite struct ParquetWriterTests {
    @Test("The bytes do not depend on how rows are cut into batches", arguments: layouts.indices)
    func cutsDoNotMatter(layout: Int) throws {
        let folder = try TemporaryFolder()
        let whole = randomBatch(rows: 700, seed: 9)
        try write([whole], to: folder.file("a"), layouts[layout])
        for (index, size) in [1, 7, 64, 100, 333, 699].enumerated() {
            let batches = stride(from: 0, to: 700, by: size).map { start in
                slice(whole, start..<min(700, start + size))
            }
            try write(batches, to: folder.file("\(index)"), layouts[layout])
            #expect(try contents(folder, "\(index)") == contents(folder, "a"), "size \(size)")
        }
    }

    @Test("Equal rows and options give equal files, whatever the number of workers")
    func isDeterministic() throws {
        let folder = try TemporaryFolder()
        let batch = randomBatch(rows: 300, seed: 3)
        try write([batch], to: folder.file("a"))
        try write([batch], to: folder.file("b"), ParquetWriterOptions(workers: 3))
        #expect(try contents(folder, "a") == contents(folder, "b"))
    }

    @Test("A file that was never closed leaves nothing, and an old one stays as it was")
    func leavesNothingHalfWritten() throws {
        let folder = try TemporaryFolder()
        try write([batch("x", .int64, [.integer(1)])], to: folder.file("a"))
        let before = try contents(folder, "a")
        do {
            let schema = Schema([Field(name: "x", type: .int64)])
            let writer = try ParquetWriter(path: folder.file("a"), schema: schema)
            try writer.write(batch("x", .int64, [.integer(2)]))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
        #expect(try contents(folder, "a") == before)
    }

    @Test("A closed writer refuses more, and a folder that does not exist is an error")
    func refusesMisuse() throws {
        let folder = try TemporaryFolder()
        let schema = Schema([Field(name: "x", type: .int64)])
        let writer = try ParquetWriter(path: folder.file("a"), schema: schema)
        try writer.close()
        #expect(throws: ParquetError.self) { try writer.close() }
        #expect(throws: ParquetError.self) {
            try ParquetWriter(path: folder.file("none/a"), schema: schema)
        }
        let spans = Schema([Field(name: "x", type: .duration)])
        #expect(throws: ParquetError.self) {
            try ParquetWriter(path: folder.file("b"), schema: spans)
        }
    }

    @Test("Notes in the footer are kept, in order, and the footer's bytes are given")
    func keepsNotes() throws {
        let folder = try TemporaryFolder()
        let options = ParquetWriterOptions(keyValueMetadata: [
            .init(key: "roost.plan", value: "ä"), .init(key: "b", value: ""),
        ])
        try write([batch("x", .int64, [.integer(1)])], to: folder.file("a"), options)
        let file = try ParquetFile(path: folder.file("a"))
        #expect(file.keyValueMetadata == ["roost.plan": "ä", "b": ""])
        #expect(file.createdBy.hasPrefix("roost"))
        let bytes = try contents(folder, "a")
        #expect(Data(file.footerBytes) == bytes.suffix(file.footerBytes.count + 8).dropLast(8))
    }

    @Test("Few distinct values are stored as a dictionary, many are not")
    func choosesEncoding() throws {
        let folder = try TemporaryFolder()
        let few = (0..<20_000).map { Scalar.integer(1 << 40 + $0 % 16) }
        let many = (0..<20_000).map { Scalar.integer($0 &* 0x9e37_79b9_7f4a_7c1) }
        for (name, values) in [("few", few), ("many", many)] {
            try write(
                [batch("x", .int64, values)], to: folder.file(name), .init(compression: .none))
        }
        #expect(try contents(folder, "few").count < 12_000)
        #expect(try contents(folder, "many").count > 160_000)
    }

    @Test("A batch without columns or rows makes a file that is read")
    func writesEmptyFiles() throws {
        let folder = try TemporaryFolder()
        let empty = ColumnBatch(schema: Schema([]), columns: [], rowCount: 0)
        try write([empty], to: folder.file("a"))
        let file = try ParquetFile(path: folder.file("a"))
        #expect(file.rowCount == 0 && file.schema.fields.isEmpty && file.rowGroups.isEmpty)
    }
}

private func slice(_ batch: ColumnBatch, _ rows: Range<Int>) -> ColumnBatch {
    var builder = FixedValuesBuilder<Int32>(capacity: rows.count)
    for row in rows { builder.append(Int32(row)) }
    return batch.gathering(builder.finish())
}

private func contents(_ folder: TemporaryFolder, _ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
}
