import Foundation
import Stores
import TestSupport
import Testing
import Values

@Suite("Killing the writer")
struct KillTests {
    @Test("at any moment leaves one whole generation, which readers saw all the time")
    func killing() throws {
        let folder = try TemporaryFolder()
        let entities = 3000 as Int64
        var generator = SeededGenerator(seed: 1)
        var published: UInt64 = 0
        var killed = 0
        for round in 0..<40 {
            let writer = Process()
            writer.executableURL = URL(
                fileURLWithPath: "\(JudgeProcess.packageRoot)/.build/debug/store-probe")
            writer.arguments = [folder.file("online"), "\(entities)"]
            let output = Pipe()
            writer.standardOutput = output
            try writer.run()
            let deadline = Date(
                timeIntervalSinceNow: Double.random(in: 0.001...0.08, using: &generator))
            if published > 0 {
                while Date() < deadline { published = max(published, try check(folder, entities)) }
            } else {
                _ = output.fileHandleForReading.availableData
            }
            kill(writer.processIdentifier, SIGKILL)
            writer.waitUntilExit()
            if writer.terminationReason == .uncaughtSignal { killed += 1 }
            let told = String(
                decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            let lastTold = told.split(separator: "\n").compactMap { UInt64($0) }.last ?? published
            let live = try check(folder, entities)
            #expect(live >= lastTold && live >= published, "round \(round)")
            published = live
        }
        print("killed store writer: \(killed) of 40 rounds hit it")
        #expect(killed == 40)
        let store = try LMDBOnlineStore(path: folder.file("online"))
        let writer = try store.beginGeneration(
            GenerationPlan(view: "other", layout: [], identity: [], cut: .distantPast))
        _ = try writer.publish()
        #expect(try check(folder, entities) == published)
    }

    /// Reads every entity of the live generation at one moment and returns its number.
    private func check(_ folder: TemporaryFolder, _ entities: Int64) throws -> UInt64 {
        let store = try LMDBOnlineStore(existing: folder.file("online"))
        let keys = (0..<entities).map { number in
            var key = EntityKey()
            key.append(number)
            return key
        }
        let answer = try store.read([StoreRequest(view: "view", keys: keys)])[0]
        let id = try #require(answer.generation).id
        #expect(answer.generation?.entities == Int(entities))
        let isWhole = zip(answer.values, 0...).allSatisfy { $0 == Array("\(id) \($1)".utf8) }
        #expect(isWhole && answer.values.count == Int(entities))
        return id
    }
}
