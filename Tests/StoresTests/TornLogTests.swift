import CommitProtocol
import Foundation
import Redis
import TestSupport
import Testing

@testable import Stores

// What a server has of a commit whose end was cut off from its append-only file shows twice: when it
// starts, and when it starts again after more was written behind what is left of it.

@Suite("Commits to a Redis whose log is cut off")
struct TornLogTests {
    private let server: RedisServer
    private let log = Log(partitions: 1, rows: 9, entities: 2, seed: 5)

    init() throws {
        server = try RedisServer(["--appendonly", "yes", "--appendfsync", "no"])
    }

    @Test("are there whole or not at all, wherever the cut is, also after another commit")
    func everyByte() throws {
        try Log.begin(0, in: pool())
        let worker = Log.committer(0, in: pool())
        try write(0..<4, worker.claim(OwnerToken(high: 0, low: 1)), worker)
        let file = try appendOnlyFile()
        let begin = try Data(contentsOf: file).count
        try write(4..<8, .resume(Position(4)), worker)
        server.kill()
        let whole = try Data(contentsOf: file)
        var resumed: Set<Int> = []
        for end in begin...whole.count {
            try whole.prefix(end).write(to: file)
            try start()
            resumed.insert(try writeOneMore())
            server.kill()
            try start()
            try check("cut at byte \(end) of \(begin)...\(whole.count)")
            server.kill()
        }
        #expect(resumed == [4, 8])
        print("cut the log of a commit at each of its \(whole.count - begin) bytes")
    }

    private func pool() -> RedisPool {
        RedisPool(.init(.host("127.0.0.1", port: server.port)))
    }

    /// Starts the server, and waits until it has read its log.
    private func start() throws {
        try server.start()
        let deadline = ContinuousClock.now + .seconds(20)
        while (try? pool().withConnection { connection throws(RedisError) in
            try connection.run("PING")
        }) == nil {
            try #require(ContinuousClock.now < deadline)
        }
    }

    private func appendOnlyFile() throws -> URL {
        let folder = server.folder.file("appendonlydir")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let name = try #require(names.first { $0.hasSuffix(".incr.aof") })
        return URL(filePath: "\(folder)/\(name)")
    }

    private func write(
        _ rows: Range<Int>, _ claimed: CommitAction, _ worker: RedisCommitter
    ) throws {
        #expect(claimed == .resume(Position(Int64(rows.lowerBound))))
        let action = try worker.commit(log.batch(0, rows, isShared: false))
        #expect(action == .goOn(from: Position(Int64(rows.upperBound))))
    }

    /// Commits one row more than there are.
    ///
    /// - Returns: how many there were.
    private func writeOneMore() throws -> Int {
        let worker = Log.committer(0, in: pool())
        let claimed = try worker.claim(OwnerToken(high: 0, low: 2))
        guard case .resume(let position) = claimed else {
            throw GroupWorker.Unexpected(action: claimed)
        }
        let begin = Int(position.offset)
        try write(begin..<begin + 1, claimed, worker)
        return begin
    }

    /// The states hold the rows before the checkpoint, and no others.
    private func check(_ name: String) throws {
        let key = Log.checkpointKey(0)
        let bytes = try pool().withConnection { connection throws(RedisError) in
            var commands = RedisCommands()
            commands.append("GET", [key])
            return try connection.run(commands)[0].optionalBytes()
        }
        let next = try #require(try Checkpoint(stored: bytes)).next
        let wrong = try log.wrongStates(in: pool(), isShared: false, ends: [Int(next.offset)])
        #expect(wrong.isEmpty, "\(name): checkpoint \(next.offset)")
    }
}
