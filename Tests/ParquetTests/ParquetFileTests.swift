import Columns
import Dispatch
import Foundation
import Parquet
import Synchronization
import TestSupport
import Testing
import Values

@Suite struct ParquetFileTests {
    @Test("Columns of types that are not read are listed and fail only when asked for")
    func listsUnsupportedColumns() throws {
        let folder = try oddFiles()
        let file = try ParquetFile(path: folder.file("odd.parquet"))
        #expect(file.schema.fields.map(\.name) == ["kept", "huge", "late", "local", "utc"])
        #expect(
            file.unsupportedColumns.map(\.name)
                == ["decimal", "struct", "map", "nested", "time", "half", "nothing"])
        #expect(file.columnsWithoutZone == ["local"])
        let batch = try file.read(rowGroup: 0, columns: ["late", "kept"])
        #expect(batch.schema.fields.map(\.name) == ["late", "kept"])
        #expect(cells(batch.columns[0]) == ["1", "2", "3"])
        let error = try #require(readError(file, ["kept", "decimal"]))
        #expect(error.code == .unsupported)
        #expect(error.message.contains("odd.parquet: column 'decimal', row group 0: "))
        #expect(readError(file, ["huge"])?.code == .unsupported)
    }

    @Test("A codec that is not read is named")
    func namesCodec() throws {
        let folder = try oddFiles()
        let brotli = try ParquetFile(path: folder.file("brotli.parquet"))
        #expect(readError(brotli, ["kept"])?.message.contains("BROTLI") == true)
    }

    @Test("A column that the file does not have is an error with the nearest name")
    func namesMissingColumn() throws {
        let folder = try TemporaryFolder()
        try write([batch("carrier", .int64, [.integer(1)])], to: folder.file("a.parquet"))
        let file = try ParquetFile(path: folder.file("a.parquet"))
        let error = try #require(readError(file, ["carier"]))
        #expect(error.code == .missingColumn)
        #expect(error.message.contains("did you mean 'carrier'?"))
        #expect(readError(file, ["carrier", "carrier"])?.code == .unsupported)
    }

    @Test("What is no Parquet file is refused with the right reason")
    func refusesOtherFiles() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a")
        #expect(openError(path)?.code == .io)
        #expect(openError(folder.path)?.code == .io)
        for (text, code) in [
            ("", ParquetError.Code.notParquet), ("id,name\n1,a\n2,b\n", .notParquet),
            ("PAR1 and no end at all", .truncated), ("PAR1\u{0}\u{0}\u{0}\u{7f}PAR1", .corrupt),
            ("PAR1\u{0}\u{0}\u{0}\u{0}PARE", .unsupported),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(openError(path)?.code == code, "\(text)")
        }
    }

    @Test("A flipped bit in a page is found by its checksum, and the error says where")
    func verifiesChecksums() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.parquet")
        let values = (0..<500).map { Scalar.integer($0 * $0) }
        try write([batch("x", .int64, values)], to: path, .init(compression: .none))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[1000] ^= 4
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = try #require(readError(try ParquetFile(path: path), ["x"]))
        #expect(error.code == .corrupt)
        #expect(
            error.message
                == "\(path): column 'x', row group 0: page at byte 4: the checksum of a page is "
                + "wrong; restore the file from its source or write it again")
    }

    @Test("Row groups are read at the same time")
    func readsConcurrently() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.parquet")
        let batch = randomBatch(rows: 800, seed: 5)
        try write([batch], to: path, ParquetWriterOptions(rowGroupRows: 50))
        let file = try ParquetFile(path: path)
        let names = batch.schema.fields.map(\.name)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 64) { iteration in
            let group = iteration % file.rowGroups.count
            let part = try? file.read(rowGroup: group, columns: names)
            for (column, whole) in zip(part?.columns ?? [], batch.columns) {
                let expected = (group * 50..<group * 50 + 50).map { whole.scalar(at: $0) }
                if "\((0..<50).map { column.scalar(at: $0) })" != "\(expected)" {
                    failures.withLock { $0.append("\(column.type) of group \(group)") }
                }
            }
            if part == nil { failures.withLock { $0.append("group \(group)") } }
        }
        #expect(failures.withLock { $0 }.isEmpty)
    }
}

private func oddFiles() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = try JudgeProcess.python("parquet_interop.py", ["odd", folder.path])
    return folder
}

private func readError(_ file: ParquetFile, _ names: [String]) -> ParquetError? {
    do {
        _ = try file.read(rowGroup: 0, columns: names)
        return nil
    } catch {
        return error
    }
}

private func openError(_ path: String) -> ParquetError? {
    do {
        _ = try ParquetFile(path: path)
        return nil
    } catch {
        return error
    }
}
