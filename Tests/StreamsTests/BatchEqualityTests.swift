import CommitProtocol
import JoinSupport
import PointInTime
import States
import Stores
import Streams
import TestSupport
import Testing
import Values

@Suite("States of a stream")
struct BatchEqualityTests {
    private static let cases: UInt64 = 400

    @Test(
        "are those of the batch, however records are split, repeated and interrupted",
        arguments: [false, true])
    func equality(isShared: Bool) throws {
        let first = UInt64.random(in: 0...UInt64.max / 2)
        var streamed = 0
        let hits = FaultyFeed.Hits()
        for seed in first..<first + Self.cases {
            guard let stream = RandomStream(seed: seed, isShared: isShared) else { continue }
            streamed += 1
            let found = try run(stream, seed: seed, hits)
            let rows = stream.join.rows
            let newest = rows.compactMap { row -> EventTime? in
                if case .timestamp(let time) = row[1] { time } else { nil }
            }.max()
            let horizon = max(newest ?? .distantPast, stream.fed.generation.cut)
                .advanced(by: EventDuration(microseconds: 1))
            let wanted = RandomStream.states(of: rows, stream.join)
            try #require(
                canonical(found, stream, at: horizon)
                    == wanted.mapValues { $0.pruned(to: horizon).encoded },
                "seed \(seed), shared \(isShared)")
        }
        print("streams, shared \(isShared): \(streamed) cases, \(hits.all)")
        #expect(streamed > 100 && hits.all.count == 3)
    }

    /// Streams everything, with processors that end anywhere and a store that is set back.
    private func run(
        _ stream: RandomStream, seed: UInt64, _ hits: FaultyFeed.Hits
    ) throws -> [[UInt8]: [UInt8]] {
        var random = SeededGenerator(seed: seed ^ 0x0052_554E)
        let store = MemoryStore(stream.base, partitions: stream.topic.partitions.count)
        var older = store.copy
        for attempt in 0..<4 {
            let processor = processor(of: stream, into: store, seed: random.next(), hits)
            var turns = attempt == 3 ? Int.max : Int.random(in: 0...6, using: &random)
            try processor.run(.caughtUp) {
                turns -= 1
                return turns < 0
            }
            if Bool.random(using: &random) { store.setBack(to: older) }
            if Bool.random(using: &random) { older = store.copy }
        }
        try processor(of: stream, into: store, seed: seed, hits).run(.caughtUp) { false }
        return store.copy.states
    }

    private func processor(
        of stream: RandomStream, into store: MemoryStore, seed: UInt64,
        _ hits: FaultyFeed.Hits
    ) -> StreamProcessor {
        let feed = FaultyFeed(MemoryFeed(stream.topic, seed: seed), seed: ~seed, hits: hits)
        return StreamProcessor(
            feed, counters: StreamCounters(), decode: stream.decode
        ) { partition in
            let committer = MemoryCommitter(
                store, partition: partition, isShared: stream.fed.isShared)
            return [
                ViewSink(
                    stream.fed, partition: partition, committer: committer,
                    counters: StreamCounters(), greatestEntities: Int(seed % 3) + 1)
            ]
        }
    }

    /// The states as of `time`, as if no partition had brought them.
    private func canonical(
        _ states: [[UInt8]: [UInt8]], _ stream: RandomStream, at time: EventTime
    ) throws -> [[UInt8]: [UInt8]] {
        let layout = StateLayout(stream.join.view)
        return try states.mapValues { bytes in
            var state = try ViewState(layout, encoded: bytes).pruned(to: time)
            state.partition = .none
            return state.encoded
        }
    }
}
