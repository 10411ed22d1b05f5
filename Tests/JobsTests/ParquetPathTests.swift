import Glibc
import TestSupport
import Testing

@testable import Jobs

@Suite("The files of a path")
struct ParquetPathTests {
    @Test("are those below a folder in the order of names, hidden ones and others skipped")
    func order() throws {
        let folder = try TemporaryFolder()
        for name in ["b.parquet", "a/z.parquet", "_x.parquet", ".y.parquet", "notes.txt"] {
            _ = try folder.file(name, "")
        }
        let entries = try ParquetPath(folder.path, describedAs: "rows").entries
        #expect(entries.map(\.path) == [folder.file("a/z.parquet"), folder.file("b.parquet")])
    }

    @Test("are refused when a link leads back to a folder above, whose rows would count again")
    func linkBack() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("rows/a.parquet", "")
        #expect(unsafe symlink("..", folder.file("rows/back")) == 0)
        #expect(throws: JobError.self) {
            try ParquetPath(folder.path, describedAs: "rows")
        }
    }

    @Test("may be reached by two links side by side, which is no way back")
    func links() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("store/a.parquet", "")
        try FileSystem.makeFolder(folder.file("rows"))
        for name in ["rows/x", "rows/y"] {
            #expect(unsafe symlink("../store", folder.file(name)) == 0)
        }
        let entries = try ParquetPath(folder.file("rows"), describedAs: "rows").entries
        #expect(entries.count == 2)
    }
}
