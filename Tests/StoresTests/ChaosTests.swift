import CommitProtocol
import Foundation
import Redis
import Stores
import TestSupport
import Testing

@Suite("Commits to a Redis that fails")
struct ChaosTests {
    private static let workers = 3

    @Test(
        "apply each row once, to states of one partition and of several", arguments: [false, true])
    func chaos(isShared: Bool) throws {
        let seed = UInt64.random(in: .min ... .max)
        let nemesis = try Nemesis(seed: seed)
        let log = Log(partitions: 4, rows: 6000, entities: 40, seed: seed)
        for partition in log.rows.indices {
            try Log.begin(partition, in: nemesis.pool())
        }
        try nemesis.begin()
        let group = Group(log, workers: Self.workers, isShared: isShared, seed: seed)
        let threads = (0..<Self.workers).map { number in
            let worker = GroupWorker(number: number, group: group, deployment: nemesis.pool())
            return BackgroundThread { try worker.run() }
        }
        do {
            defer { group.end() }
            try nemesis.strike(group, workers: Self.workers)
        }
        for thread in threads { try thread.value() }
        let (hits, counts) = (nemesis.hits, group.counts)
        print("commits to Redis, shared \(isShared), seed \(seed): \(hits) \(counts)")
        #expect(hits.isComplete, "seed \(seed): \(hits)")
        #expect(counts.isComplete, "seed \(seed): \(counts)")
        let wrong = try log.wrongStates(in: nemesis.pool(), isShared: isShared)
        #expect(wrong.isEmpty, "seed \(seed)")
    }
}
