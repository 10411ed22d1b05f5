import Foundation
import OfflineSupport
import TestSupport
import Testing
import Values

@testable import Lake

@Suite("A lake whose writer is killed", .serialized)
struct LakeKillTests {
    private let folder: TemporaryFolder
    private let intervals: Int64 = 4
    private let rows: Int64 = 400

    init() throws { folder = try TemporaryFolder() }

    private func start(round: Int, limit: Int = 0) throws -> (Process, FileHandle) {
        let writer = Process()
        writer.executableURL = URL(
            filePath: "\(JudgeProcess.packageRoot)/.build/debug/lake-probe")
        writer.arguments = [folder.path] + ["\(intervals)", "\(rows)", "\(round)", "\(limit)"]
        let output = Pipe()
        writer.standardOutput = output
        try writer.run()
        return (writer, output.fileHandleForReading)
    }

    /// Every interval is there whole or not at all, with rows of one round each.
    private func check(_ round: Int, _ seed: String) throws -> Int {
        let snapshot = try Lake(folder: folder.path).source("events").snapshot()
        let numbers = try snapshot.integers()
        let present = Set(numbers.map { $0 / rows })
        let expected = present.sorted().flatMap { Array($0 * rows..<($0 + 1) * rows) }
        #expect(numbers == expected, "\(seed)")
        let rounds = try snapshot.integers("round")
        #expect(rounds.allSatisfy { $0 == round || $0 == round - 1 }, "\(seed)")
        for count in Dictionary(grouping: rounds, by: { $0 }).values.map(\.count) {
            #expect(count % Int(rows) == 0, "\(seed)")
        }
        return rounds.count { $0 == round } / Int(rows)
    }

    @Test("never has a double or missing row, killed at 100 random points")
    func killing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var kills = 0
        var rounds = 0
        var round = 1
        // A kill that comes after the writer's end is no hit, and does not count.
        while kills < 100 {
            rounds += 1
            try #require(rounds < 1000, "seed \(seed): \(kills) hits")
            let (writer, output) = try start(round: round)
            // Some output, and then some more time, so that every step is hit now and then.
            let bytes = Int.random(in: 0...260, using: &generator)
            if bytes > 0 { _ = try output.read(upToCount: bytes) }
            let deadline =
                DispatchTime.now() + .microseconds(Int.random(in: 0...3000, using: &generator))
            while DispatchTime.now() < deadline {}
            kill(writer.processIdentifier, SIGKILL)
            writer.waitUntilExit()
            if writer.terminationReason == .uncaughtSignal { kills += 1 }
            // With all intervals of a round published the next round replaces them.
            if try check(round, "seed \(seed), kill \(kills)") == Int(intervals) { round += 1 }
        }
        print("killed lake writer: \(kills) of \(rounds) rounds hit it, seed \(seed)")
        let (writer, output) = try start(round: round)
        _ = try output.readToEnd()
        writer.waitUntilExit()
        #expect(writer.terminationStatus == 0, "seed \(seed)")
        #expect(try check(round, "seed \(seed), last") == Int(intervals))
        try checkFolder(round)
    }

    /// The last writer removed what killed ones left.
    private func checkFolder(_ round: Int) throws {
        let found = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        let files = found.compactMap { $0 as? String }.filter { $0.contains(".parquet") }
        let source = try Lake(folder: folder.path).source("events")
        let listed = try CommitLog(source: source.folder).read().files
        #expect(files.count == listed.count)
        #expect(!found.contains { ($0 as? String)?.hasSuffix(".tmp") == true })
    }

    @Test("shows readers whole intervals while it publishes")
    func reading() throws {
        var reads = 0
        for round in 1...5 {
            let (writer, output) = try start(round: round)
            while writer.isRunning {
                _ = try check(round, "round \(round)")
                reads += 1
            }
            _ = try output.readToEnd()
            #expect(try check(round, "round \(round)") == Int(intervals))
        }
        #expect(reads > 5)
    }

    @Test("says so when it cannot write, and keeps what was published")
    func fullDisk() throws {
        let (first, output) = try start(round: 1)
        _ = try output.readToEnd()
        first.waitUntilExit()
        #expect(try check(1, "before") == Int(intervals))
        for limit in [100, 500, 1000] {
            let (writer, output) = try start(round: 2, limit: limit)
            let said = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
            writer.waitUntilExit()
            #expect(writer.terminationStatus == 75, "\(said)")
            #expect(said.contains("error io:"), "\(said)")
            #expect(try check(2, "limit \(limit)") == 0)
        }
        let (last, rest) = try start(round: 2)
        _ = try rest.readToEnd()
        last.waitUntilExit()
        #expect(try check(2, "after") == Int(intervals))
        try checkFolder(2)
    }
}
