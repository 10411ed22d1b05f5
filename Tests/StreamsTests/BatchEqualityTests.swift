import CommitProtocol
import Foundation
import JoinSupport
import Planning
import PointInTime
import States
import Stores
import Streams
import TestSupport
import Testing
import Values

@Suite("States of a stream")
struct BatchEqualityTests {
    private static let cases: UInt64 =
        ProcessInfo.processInfo.environment["ROOST_LONG"] == nil ? 800 : 8000

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
            try expectJoined(found, stream, after: horizon, "seed \(seed), shared \(isShared)")
        }
        print("streams, shared \(isShared): \(streamed) cases, \(hits.all)")
        #expect(streamed > 100 && hits.all.count == 3)
    }

    /// What the states answer is what the point-in-time rules give for all rows, asked when all of
    /// them are known.
    private func expectJoined(
        _ states: [[UInt8]: [UInt8]], _ stream: RandomStream, after horizon: EventTime,
        _ note: Comment
    ) throws {
        let naive = NaiveJoin(join: stream.join)
        let latest = stream.join.rows.map { naive.known($0) }.max() ?? horizon
        let time = max(horizon, latest).advanced(by: .seconds(60))
        let question = StateQuestion(
            StateLayout(stream.join.view), features: Array(0..<stream.join.view.features.count))
        for number in 1...3 as ClosedRange<Int64> {
            var key = EntityKey()
            key.append(number)
            let answer = try FeatureAnswer(
                question, encoded: states[key.bytes], asked: time, seen: time)
            let spine: [[Scalar]] = [[.integer(number), .null, .timestamp(time)]]
            let joined = RandomJoin(stream.join, rows: stream.join.rows, spine: spine)
            let cells = try NaiveJoin(join: joined).cells()[0].prefix(answer.values.count)
            let isSame = zip(answer.values, cells).allSatisfy { $0.isIdentical(to: $1) }
            try #require(isSame, note)
        }
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
