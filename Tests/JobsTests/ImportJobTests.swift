import Columns
import Glibc
import Parquet
import Planning
import TestSupport
import Testing
import Values

@testable import Jobs

private let source = SourcePlan(
    name: "sales",
    schema: Schema([
        Field(name: "shop", type: .string), Field(name: "amount", type: .double),
        Field(name: "at", type: .timestamp),
    ]),
    computed: [], eventTime: "at", knownAt: nil, batch: .parquet(path: "data/sales"),
    completeTo: nil,
    zone: nil)

private let text = """
    shop,amount,at
    a,1.5,2013-01-31T23:59:59Z
    b,NA,2013-02-01T00:00:00Z
    c,2,NA

    """

private func run(
    _ text: String, in folder: TemporaryFolder, _ change: (inout ImportOptions) -> Void = { _ in }
) throws -> ImportReport {
    var options = ImportOptions(files: [try folder.file("input.csv", text)])
    change(&options)
    return try ImportJob(source: source, folder: folder.path, options: options).run()
}

private func code(_ work: () throws -> ImportReport) -> JobError.Code? {
    do {
        _ = try work()
        return nil
    } catch {
        return (error as? JobError)?.code
    }
}

@Suite("An import")
struct ImportJobTests {
    @Test("spreads rows over months of event time; rows without one have a folder of their own")
    func months() throws {
        let folder = try TemporaryFolder()
        let report = try run(text, in: folder) { $0.partition = .month }
        #expect(report.rows == 3)
        let names = try FileSystem.names(in: folder.file("data/sales"))
        #expect(
            names == [
                "_manifest.json", "ds=2013-01", "ds=2013-02", "ds=__HIVE_DEFAULT_PARTITION__",
            ])
    }

    @Test("of the same input a second time does nothing, of other input replaces all")
    func idempotent() throws {
        let folder = try TemporaryFolder()
        _ = try run(text, in: folder)
        #expect(code { try run(text, in: folder) } == .nothingToDo)
        let report = try run("shop,amount,at\nz,1,2013-01-01T00:00Z\n", in: folder)
        #expect(report.rows == 1)
        #expect(try rows(in: folder).count == 1)
    }

    @Test("that lost a file is done again")
    func lostFile() throws {
        let folder = try TemporaryFolder()
        _ = try run(text, in: folder)
        try FileSystem.remove(folder.file("data/sales/part-0.parquet"))
        #expect(try run(text, in: folder).rows == 3)
    }

    @Test("with more bad rows than tolerated leaves what stood there")
    func allOrNothing() throws {
        let folder = try TemporaryFolder()
        _ = try run(text, in: folder)
        #expect(code { try run(text + "d\n", in: folder) } == .dataQuality)
        #expect(try rows(in: folder).count == 3)
        #expect(try FileSystem.names(in: folder.file("data")) == ["sales"])
    }

    @Test("lists tolerated bad rows beside the good ones")
    func badRows() throws {
        let folder = try TemporaryFolder()
        let report = try run(text + "d,\"1\",2\n", in: folder) { $0.maxBadRows = 1 }
        #expect(report.badRows == 1)
        let listed = try FileSystem.text(of: folder.file("data/sales/_bad_rows.csv"))
        #expect(listed.contains("input.csv,5,at,2,"))
        #expect(try rows(in: folder).count == 3)
    }

    @Test("never replaces files that it did not write")
    func foreignFiles() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("data/sales/precious.txt", "mine")
        #expect(code { try run(text, in: folder) } == .usage)
        #expect(try FileSystem.text(of: folder.file("data/sales/precious.txt")) == "mine")
    }

    @Test("refuses a pipe instead of waiting for its writer, and a folder")
    func pipe() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("rows")
        #expect(unsafe mkfifo(path, 0o600) == 0)
        for input in [path, folder.path] {
            let job = try ImportJob(
                source: source, folder: folder.path, options: ImportOptions(files: [input]))
            #expect(code { try job.run() } == .usage)
        }
    }

    @Test("gives the same files for any number of workers")
    func workers() throws {
        let lines = (0..<130_000).map { "s\($0 % 7),\($0).5,2013-01-01T00:00:00.\($0)Z\n" }
        let text = "shop,amount,at\n" + lines.joined()
        let files = try [1, 3].map { workers in
            let folder = try TemporaryFolder()
            _ = try run(text, in: folder) { $0.workers = workers }
            return try FileSystem.digest(of: folder.file("data/sales/part-0.parquet"))
        }
        #expect(files[0] == files[1])
    }

    private func rows(in folder: TemporaryFolder) throws -> [Scalar] {
        let rows = try ParquetRows(source: source, folder: folder.path)
        return try (0..<rows.chunkCount).flatMap { chunk in
            let batch = try rows.read(chunk: chunk, schema: source.schema)
            return (0..<batch.rowCount).map { batch.columns[0].scalar(at: $0) }
        }
    }
}
