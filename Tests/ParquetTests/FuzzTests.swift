import Columns
import Foundation
import Parquet
import TestSupport
import Testing
import Values

@Suite struct FuzzTests {
    /// How often the files are broken; more with the environment variable `PARQUET_MUTATIONS`.
    static let mutations =
        ProcessInfo.processInfo.environment["PARQUET_MUTATIONS"].flatMap { Int($0) } ?? 21_000

    @Test("A broken file gives an error or as many rows as it says, and never a crash")
    func survivesMutations() throws {
        let folder = try TemporaryFolder()
        let originals = try smallFiles(in: folder)
        #expect(originals.count > 35)
        let seed = ProcessInfo.processInfo.environment["PARQUET_SEED"].flatMap { UInt64($0) } ?? 1
        var generator = SeededGenerator(seed: seed)
        let broken = MemoryFile()
        var whole = 0
        for mutation in 0..<Self.mutations {
            let original = originals[mutation % originals.count]
            broken.overwrite(with: mutate(original, using: &generator))
            do {
                try readAll(broken.path)
                whole += 1
            } catch is ParquetError {
            } catch {
                Issue.record("\(error), seed \(seed), mutation \(mutation)")
            }
        }
        #expect(whole > Self.mutations / 4, "most files are too broken to test the pages")
    }

    @Test("Every truncation of a file is refused")
    func refusesTruncations() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.parquet")
        try write([randomBatch(rows: 3, seed: 1)], to: path)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let cut = MemoryFile()
        for length in stride(from: 0, to: bytes.count, by: 7) {
            cut.overwrite(with: Array(bytes[0..<length]))
            #expect(throws: ParquetError.self) { try ParquetFile(path: cut.path) }
        }
    }
}

/// Small files of three writers.
private func smallFiles(in folder: TemporaryFolder) throws -> [[UInt8]] {
    _ = try JudgeProcess.python("parquet_interop.py", ["small", folder.path, "1"])
    for (index, options) in layouts.enumerated() {
        let batch = randomBatch(rows: 20, seed: UInt64(index))
        let names = ["int64_runs", "string_few", "list_double"]
        let narrow = ColumnBatch(
            schema: Schema(batch.schema.fields.filter { names.contains($0.name) }),
            columns: names.compactMap { batch[$0] }.sorted { "\($0.type)" < "\($1.type)" },
            rowCount: 20)
        guard narrow.columns.count == 3 else { continue }
        try write([narrow], to: folder.file("ours_\(index).parquet"), options)
    }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".parquet") }.sorted()
        .map { Array(try Data(contentsOf: URL(fileURLWithPath: folder.file($0)))) }
}

/// A file without a disk behind it, so that thousands of versions cost no waiting.
private final class MemoryFile {
    private let descriptor: Int32

    init() {
        let name = "/roost-\(UUID().uuidString)"
        descriptor = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        precondition(descriptor >= 0, "no memory file")
        _ = unsafe shm_unlink(name)
    }

    deinit { close(descriptor) }

    var path: String { "/proc/self/fd/\(descriptor)" }

    func overwrite(with bytes: [UInt8]) {
        precondition(ftruncate(descriptor, 0) == 0)
        precondition(unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    }
}

/// Reads everything there is and looks at every row's place in memory.
private func readAll(_ path: String) throws {
    let file = try ParquetFile(path: path)
    let names = file.schema.fields.map(\.name)
    for (index, group) in file.rowGroups.enumerated() {
        for name in names {
            _ = group.statistics(of: name)
            guard let batch = try readIfPossible(file, index, name) else { continue }
            #expect(batch.rowCount == group.rowCount)
            for column in batch.columns { touch(column) }
        }
    }
}

private func readIfPossible(
    _ file: ParquetFile, _ group: Int, _ name: String
) throws -> ColumnBatch? {
    do {
        return try file.read(rowGroup: group, columns: [name])
    } catch {
        // The other columns may still be whole.
        return nil
    }
}

private func touch(_ column: Column) {
    if column.count > 0 { _ = column.scalar(at: column.count - 1) }
    switch column.storage {
    case .bytes(let values):
        for row in 0..<min(values.count, 100) { _ = values.array(at: row) }
    case .list(let offsets, let elements):
        for row in 0..<column.count { #expect(offsets[row] <= offsets[row + 1]) }
        #expect(Int(offsets[column.count]) == elements.count)
        touch(elements)
    default: break
    }
}

private func mutate(_ original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    // Half of the damage goes to the last part of the file, where the footer is.
    func place(_ generator: inout SeededGenerator) -> Int {
        let low = Bool.random(using: &generator) ? 0 : bytes.count * 2 / 3
        return Int.random(in: low..<bytes.count, using: &generator)
    }
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    case 1:
        let start = place(&generator)
        let length = min(Int.random(in: 1...16, using: &generator), bytes.count - start)
        let filler = [0, 0xff, 0x7f, UInt8.random(in: 0...255, using: &generator)]
            .randomElement(using: &generator)
        for index in start..<start + length { bytes[index] = filler ?? 0 }
    case 2:
        let start = place(&generator)
        bytes.removeSubrange(start..<min(start + 3, bytes.count))
    case 3:
        let start = place(&generator)
        bytes.insert(contentsOf: bytes[start..<min(start + 5, bytes.count)], at: start)
    default:
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            bytes[place(&generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
    }
    return bytes
}
