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
