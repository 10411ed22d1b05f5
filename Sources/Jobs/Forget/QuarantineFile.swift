import Columns
import Parquet
import Stores
import Values

/// A file of rows that expectations set aside.
struct QuarantineFile {
    let path: String

    /// Writes the file again without `rows`, in one step; a file without any other row goes.
    ///
    /// - Returns: how many rows that are.
    /// - Throws: `usage` for a file that does not have the columns that decide.
    func remove(_ rows: RowSelection, isDryRun: Bool) throws -> Int {
        let file = try ParquetRows(path: path, subject: "the quarantine")
        try file.check(rows.schema)
        let counts = try rows.counts(in: file)
        let count = counts.reduce(0, +)
        if count == 0 || isDryRun { return count }
        if count == file.totalRowCount {
            try FileSystem.remove(path)
            return count
        }
        let schema = file.files[0].parquet.schema
        AbandonedFiles.remove(beside: path)
        let writer = try ParquetWriter(path: path, schema: schema)
        for chunk in counts.indices {
            let gone = Set(try rows.select(file.read(chunk: chunk, schema: rows.schema)))
            let whole = try file.readStored(chunk: chunk, schema: schema)
            let kept = (0..<Int32(whole.rowCount)).filter { !gone.contains($0) }
            try writer.write(whole.gathering(FixedValues(kept)))
        }
        try writer.close()
        return count
    }
}
