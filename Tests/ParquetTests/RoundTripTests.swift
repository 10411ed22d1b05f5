import Columns
import Parquet
import TestSupport
import Testing
import Values

/// Layouts that every round trip goes through.
let layouts: [ParquetWriterOptions] = [
    ParquetWriterOptions(),
    ParquetWriterOptions(compression: .none, rowGroupRows: 100, pageBytes: 64),
    ParquetWriterOptions(compression: .snappy, pageVersion: .v2, rowGroupRows: 333),
    ParquetWriterOptions(compression: .zstd(level: 3), pageVersion: .v2, usesDictionary: false),
    ParquetWriterOptions(compression: .snappy, pageBytes: 500, usesDictionary: false),
    ParquetWriterOptions(compression: .none, pageVersion: .v2, rowGroupRows: 64, pageBytes: 50),
    ParquetWriterOptions(compression: .lz4, pageBytes: 300),
]

/// Writes `batches` to a file of `folder`.
func write(
    _ batches: [ColumnBatch], to path: String, _ options: ParquetWriterOptions = .init()
) throws {
    let writer = try ParquetWriter(path: path, schema: batches[0].schema, options: options)
    for batch in batches { try writer.write(batch) }
    try writer.close()
}

/// All cells of a file, column by column.
func cells(of file: ParquetFile) throws -> [String: [String]] {
    var result: [String: [String]] = [:]
    let names = file.schema.fields.map(\.name)
    for name in names { result[name] = [] }
    for group in file.rowGroups.indices {
        let batch = try file.read(rowGroup: group, columns: names)
        #expect(batch.rowCount == file.rowGroups[group].rowCount)
        for (name, column) in zip(names, batch.columns) {
            result[name, default: []] += cells(column)
        }
    }
    return result
}

@Suite struct RoundTripTests {
    @Test("What was written is read", arguments: layouts.indices, [0, 1, 7, 64, 1000])
    func roundTrip(layout: Int, rows: Int) throws {
        let folder = try TemporaryFolder()
        let seed = UInt64(layout * 10_000 + rows)
        let batch = randomBatch(rows: rows, seed: seed)
        try write([batch], to: folder.file("a.parquet"), layouts[layout])
        let file = try ParquetFile(path: folder.file("a.parquet"))
        #expect(file.schema == batch.schema)
        #expect(file.rowCount == rows)
        let actual = try cells(of: file)
        for (field, column) in zip(batch.schema.fields, batch.columns) {
            #expect(actual[field.name] == cells(column), "\(field.name), seed \(seed)")
        }
    }

    @Test("A vector is a list of floats in a file")
    func vectors() throws {
        let folder = try TemporaryFolder()
        let values: [Scalar] = [
            .list([.double(1), .double(-0.5)]), .null, .list([.double(0), .double(3)]),
        ]
        try write([batch("v", .vector(length: 2), values)], to: folder.file("a.parquet"))
        let file = try ParquetFile(path: folder.file("a.parquet"))
        #expect(file.schema.type(of: "v") == .list(.float))
        let column = try file.read(rowGroup: 0, columns: ["v"]).columns[0]
        #expect(column.holds(values))
    }
}
