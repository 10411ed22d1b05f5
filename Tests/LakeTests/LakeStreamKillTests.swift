import CommitProtocol
import Foundation
import OfflineSupport
import Stores
import TestSupport
import Testing
import Values

@testable import Lake

@Suite("A lake whose stream's workers are killed or paused", .serialized)
struct LakeStreamKillTests {
    private let folder: TemporaryFolder
    private let count: Int64 = 12_000

    init() throws { folder = try TemporaryFolder() }

    private func start(partition: Int32, size: Int64) throws -> (Process, FileHandle) {
        let writer = Process()
        writer.executableURL = URL(
            filePath: "\(JudgeProcess.packageRoot)/.build/debug/lake-probe")
        writer.arguments = [folder.path, "stream", "\(partition)", "\(count)", "\(size)"]
        let output = Pipe()
        writer.standardOutput = output
        try writer.run()
        return (writer, output.fileHandleForReading)
    }

    private var log: LakeSource {
        get throws { try Lake(folder: folder.path).source("streamed") }
    }

    private func replay(_ partition: Int32) -> StreamReplay {
        StreamReplay(partition: partition, count: count, rowsEach: 1...1)
    }

    @Test("killed at 40 random points beside another worker, each record is there once")
    func killing() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let steady = try start(partition: 0, size: 40)
        var (kills, rounds) = (0, 0)
        while kills < 40 {
            rounds += 1
            try #require(rounds < 600, "seed \(seed): \(kills) hits")
            let (writer, output) = try start(partition: 1, size: 25)
            let bytes = Int.random(in: 0...60, using: &generator)
            if bytes > 0 { _ = try output.read(upToCount: bytes) }
            let deadline =
                DispatchTime.now() + .microseconds(Int.random(in: 0...6000, using: &generator))
            while DispatchTime.now() < deadline {}
            kill(writer.processIdentifier, SIGKILL)
            writer.waitUntilExit()
            if writer.terminationReason == .uncaughtSignal { kills += 1 }
            let checkpoint = try log.streamState()?.checkpoints.dropFirst().first
            if checkpoint??.next == Position(count) { break }
        }
        print("killed lake stream: \(kills) of \(rounds) rounds hit it, seed \(seed)")
        #expect(kills >= 20, "seed \(seed)")
        let last = try start(partition: 1, size: 2000)
        for (writer, output) in [steady, last] {
            _ = try output.readToEnd()
            writer.waitUntilExit()
            #expect(writer.terminationStatus == 0, "seed \(seed)")
        }
        for partition in [0, 1] as [Int32] {
            try replay(partition).check(log, "seed \(seed), partition \(partition)")
        }
        try checkFolder(seed)
    }

    /// The last worker removed what killed ones left.
    private func checkFolder(_ seed: UInt64) throws {
        let found = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        let names = found.compactMap { $0 as? String }
        let listed = try CommitLog(source: log.folder).read().files.map { "streamed/\($0.path)" }
        #expect(
            Set(names.filter { $0.contains(".parquet") }) == Set(listed), "seed \(seed)")
        #expect(!names.contains { $0.hasSuffix(".tmp") }, "seed \(seed)")
    }

    @Test("paused while another takes its partition, a worker writes nothing when it wakes")
    func zombies() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var fenced = 0
        for _ in 0..<8 {
            let (zombie, output) = try start(partition: 0, size: 10)
            _ = try output.read(upToCount: Int.random(in: 1...40, using: &generator))
            kill(zombie.processIdentifier, SIGSTOP)
            // Its successor is done with some more, and is killed.
            let (owner, rest) = try start(partition: 0, size: 10)
            _ = try rest.read(upToCount: Int.random(in: 20...60, using: &generator))
            kill(zombie.processIdentifier, SIGCONT)
            _ = try output.readToEnd()
            zombie.waitUntilExit()
            if zombie.terminationStatus == 3 { fenced += 1 }
            kill(owner.processIdentifier, SIGKILL)
            owner.waitUntilExit()
        }
        print("paused lake stream: \(fenced) of 8 fenced, seed \(seed)")
        #expect(fenced >= 6, "seed \(seed)")
        let (last, output) = try start(partition: 0, size: 2000)
        _ = try output.readToEnd()
        last.waitUntilExit()
        try replay(0).check(log, "seed \(seed)")
        try checkFolder(seed)
    }

    @Test("a checkpoint that moves between looking and writing lets nothing be written")
    func moved() throws {
        let log = try log
        try log.begin(cut: 0)
        let zombie = LakeStreamSink(source: log.folder, partition: 0)
        let (mine, other) = (OwnerToken.number(1), OwnerToken.number(2))
        let empty = try #require(try zombie.watch())
        let claim = Checkpoint(owner: mine, next: empty.next)
        #expect(try zombie.write(nil, claim, over: empty) == .executed)
        // Another claims, and goes on, after the zombie looked.
        let owner = try log.claimed(by: 2)
        let late = StreamEvents.append(from: 0, hours: [77, 78])
        let moved = Checkpoint(owner: mine, next: late.end)
        #expect(try zombie.write(late, moved, over: claim) == .aborted)
        _ = try owner.commit(StreamEvents.append(from: 0, hours: [1]))
        // One who has the token of the owner, but an older position.
        let stale = Checkpoint(owner: other, next: empty.next)
        #expect(
            try zombie.write(late, Checkpoint(owner: other, next: late.end), over: stale)
                == .aborted)
        #expect(try log.state(at: .newest).integers() == [1])
        let files = try LakeFiles.names(in: "\(log.folder)/stream/p=0")
        #expect(files.count == 1)
    }

    @Test("a commit that leaves out rows, or brings some twice, is no commit of the log")
    func gaps() throws {
        let log = try log
        try log.begin(cut: 0)
        _ = try log.claimed().commit(StreamEvents.append(from: 0, hours: [1, 2]))
        let commits = CommitLog(source: log.folder)
        for from in [0, 1, 3] as [Int64] {
            var commit = LakeStreamCommit(version: try commits.read().version + 1)
            commit.part = LakeStreamPart(partition: 0, from: Position(from), to: Position(4))
            commit.checkpoints = [0: Checkpoint(owner: .number(1), next: Position(4))]
            #expect(try commits.append(commit, by: .number(1)))
            let error = #expect(throws: LakeError.self) { try commits.read() }
            #expect(error?.code == .corrupt)
            let path = "\(log.folder)/_log"
            let last = try LakeFiles.names(in: path).last { $0.hasSuffix(".commit") }
            try LakeFiles.remove("\(path)/\(last ?? "")")
        }
        #expect(try log.state(at: .newest).integers() == [1, 2])
    }
}
