import Columns
import Foundation
import Parquet
import TestSupport
import Testing
import Values

@Suite struct InteropTests {
    @Test("pyarrow and DuckDB read what was written", arguments: layouts.indices, [0, 1, 500])
    func othersReadOurs(layout: Int, rows: Int) throws {
        let folder = try TemporaryFolder()
        let seed = UInt64(7_000_000 + layout * 10_000 + rows)
        let batch = randomBatch(rows: rows, seed: seed)
        let path = folder.file("ours.parquet")
        try write([batch], to: path, layouts[layout])
        for engine in ["pyarrow", "duckdb"] {
            let printed = try JudgeProcess.python("parquet_interop.py", ["dump", engine, path])
            let judged = try JSONDecoder().decode([String: [String]].self, from: Data(printed.utf8))
            #expect(judged.count == batch.columns.count)
            for (field, column) in zip(batch.schema.fields, batch.columns) {
                #expect(judged[field.name] == cells(column), "\(engine) \(field), seed \(seed)")
            }
        }
    }
}

/// Files of other writers, with the cells that they say they wrote beside each.
private let foreignFiles = Result { () throws -> TemporaryFolder in
    let folder = try TemporaryFolder()
    _ = try JudgeProcess.python("parquet_interop.py", ["write", folder.path, "20260101"])
    return folder
}

/// The paths of all files of other writers.
func foreignPaths() throws -> [String] {
    let folder = try foreignFiles.get()
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".parquet") }.sorted().map { folder.file($0) }
}

@Suite struct ForeignFileTests {
    @Test("What pyarrow and DuckDB wrote is read, in every layout")
    func readsForeignFiles() throws {
        let paths = try foreignPaths()
        #expect(paths.count > 60)
        for path in paths {
            let json = path.replacing(".parquet", with: ".json")
            let expected = try JSONDecoder().decode(
                [String: [String]].self, from: Data(contentsOf: URL(fileURLWithPath: json)))
            let file = try ParquetFile(path: path)
            #expect(file.unsupportedColumns.isEmpty)
            let actual = try cells(of: file)
            #expect(Set(actual.keys) == Set(expected.keys), "\(path)")
            for (name, cells) in expected {
                let first = zip(cells, actual[name] ?? []).enumerated().first { $1.0 != $1.1 }
                #expect(first == nil, "\(path) \(name)")
                #expect(actual[name]?.count == cells.count, "\(path) \(name)")
            }
        }
    }
}
