import Foundation
import Redis
import TestSupport
import Testing

/// A Redis server to which things happen.
final class Nemesis {
    /// How often what was done.
    struct Hits {
        var rebalances = 0
        var cuts = 0
        var pauses = 0
        var kills = 0

        var isComplete: Bool { rebalances > 0 && cuts > 0 && pauses > 0 && kills > 0 }
    }

    private(set) var hits = Hits()
    private let server: RedisServer
    private var generator: SeededGenerator
    /// The file to which the server appends what it does, and its size at the beginning.
    private var file = ""
    private var firstSize = 0

    init(seed: UInt64) throws {
        generator = SeededGenerator(seed: seed)
        server = try RedisServer([
            "--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0",
        ])
    }

    /// Connections of one worker.
    func pool() -> RedisPool {
        var timeouts = RedisConnection.Timeouts()
        timeouts.answer = .milliseconds(500)
        return RedisPool(.init(.host("127.0.0.1", port: server.port)), timeouts: timeouts)
    }

    /// What stands in the server by now is never lost.
    func begin() throws {
        let folder = server.folder.file("appendonlydir")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        file = folder + "/" + (try #require(names.first { $0.hasSuffix(".incr.aof") }))
        firstSize = try size()
    }

    /// Strikes every few commits, until all rows are applied and each fault was met.
    func strike(_ group: Group, workers: Int) throws {
        let deadline = ContinuousClock.now + .seconds(180)
        var commits = 0
        while !(group.isFinished && hits.isComplete && group.counts.isComplete) {
            try #require(ContinuousClock.now < deadline, "\(hits) \(group.counts)")
            guard group.counts.commits > commits + 20 || group.isFinished else {
                sched_yield()
                continue
            }
            commits = group.counts.commits
            switch Int.random(in: 0..<12, using: &generator) {
            case 0...6: rebalance(group, workers)
            case 7...9: cut()
            case 10: pause(group)
            default: try kill(group)
            }
        }
    }

    private func rebalance(_ group: Group, _ workers: Int) {
        group.rebalance(workers: workers)
        hits.rebalances += 1
    }

    /// All connections break, answers on their way are lost.
    private func cut() {
        let reply = try? pool().withConnection { connection throws(RedisError) in
            try connection.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        }
        if let reply, (try? reply.number()) ?? 0 > 0 { hits.cuts += 1 }
    }

    /// The server stops until somebody gave up waiting; what was sent to it is done later.
    private func pause(_ group: Group) {
        let failures = group.counts.failures
        server.pause()
        let deadline = ContinuousClock.now + .seconds(5)
        while group.counts.failures == failures && ContinuousClock.now < deadline { sched_yield() }
        server.resume()
        if group.counts.failures > failures { hits.pauses += 1 }
    }

    /// The server dies, and the last that it did is lost.
    private func kill(_ group: Group) throws {
        server.kill()
        let end = try size()
        let keep = Int.random(in: max(firstSize, end - 5000)...end, using: &generator)
        let descriptor = try FileHandle(forUpdating: URL(filePath: file))
        try descriptor.truncate(atOffset: UInt64(keep))
        try descriptor.close()
        group.setBack()
        try server.start()
        hits.kills += 1
    }

    private func size() throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
}
