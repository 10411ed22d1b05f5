import CommitProtocol
import TestSupport
import Testing

@testable import Stores

@Suite("States that are kept in memory")
struct KeptStatesTests {
    @Test("are those that were written last, within their room, the busiest the longest")
    func room() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let room = KeptStates.Room(byteCount: 40_000)
        room.change(by: 2)
        var kept = KeptStates(in: room)
        var written: [[UInt8]: [UInt8]] = [:]
        var hits = 0
        for round in 0..<400 {
            // Every batch has entity 0, and others by chance.
            let others = (0..<12).map { _ in UInt8.random(in: 1...255, using: &generator) }
            let entities = [[0]] + Set(others).map { [$0] }
            var states = BatchStates(entities, [], &kept)
            for (entity, place) in zip(entities, states.places) where place >= 0 {
                #expect(kept.state(at: place) == written[entity], "seed \(seed)")
                hits += 1
            }
            if round > 0 { #expect(states.places[0] >= 0, "seed \(seed)") }
            for place in states.missing { states.loaded[place] = written[entities[place]] }
            let size = Int.random(in: 0...300, using: &generator)
            let batch = CommitBatch(end: Position(1), keys: entities) { _, state in
                [UInt8](repeating: (state?.first ?? 0) &+ 1, count: size + 1)
            }
            try states.fold(batch, kept)
            kept.take(states)
            for (entity, state) in zip(entities, states.folded) { written[entity] = state }
            #expect(kept.byteCount <= 20_000, "seed \(seed)")
        }
        #expect(kept.count > 10 && hits > 400, "seed \(seed)")
        kept.removeAll()
        #expect(kept.count == 0 && kept.byteCount == 0)
    }
}
