import CommitProtocol
import JoinSupport
import Streams
import Testing

@Suite("A processor that was fenced")
struct FenceTests {
    @Test("listens to its group for a while, claims again, and doubles and loses nothing")
    func fence() throws {
        let stream = try #require(
            (0..<1000 as Range<UInt64>).lazy.compactMap { RandomStream(seed: $0, isShared: true) }
                .first { $0.join.rows.count > 30 })
        let undisturbed = MemoryStore(stream.base, partitions: stream.topic.partitions.count)
        _ = try run(stream, into: undisturbed) {}
        let store = MemoryStore(stream.base, partitions: stream.topic.partitions.count)
        let rival = MemoryCommitter(store, partition: 0, isShared: true)
        let counters = try run(stream, into: store) {
            _ = try? rival.claim(OwnerToken(high: 7, low: 7))
        }
        #expect(counters.all["the view 'view'"]?.fences == 1)
        #expect(store.copy.states == undisturbed.copy.states)
        #expect(
            store.copy.checkpoints.mapValues(\.next)
                == undisturbed.copy.checkpoints.mapValues(\.next))
    }

    /// Streams everything, and lets something happen in the second turn.
    private func run(
        _ stream: RandomStream, into store: MemoryStore, _ happening: () -> Void
    ) throws -> StreamCounters {
        let counters = StreamCounters()
        let processor = StreamProcessor(
            MemoryFeed(stream.topic, seed: 3), counters: counters, decode: stream.decode
        ) { partition in
            [
                ViewSink(
                    stream.fed, partition: partition,
                    committer: MemoryCommitter(store, partition: partition, isShared: true),
                    counters: counters)
            ]
        }
        var turn = 0
        try processor.run(.caughtUp) {
            turn += 1
            if turn == 2 { happening() }
            return false
        }
        return counters
    }
}
