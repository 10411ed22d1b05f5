import JoinSupport
import Planning
import TestSupport
import Testing
import Values

@testable import States

@Suite("The state of a view")
struct ViewStateTests {
    @Test(
        "answers what the point-in-time join says, bit for bit", arguments: 0..<40 as Range<UInt64>)
    func equality(block: UInt64) throws {
        for seed in block * 20..<block * 20 + 20 {
            let random = RandomState(seed: seed)
            var generator = SeededGenerator(seed: seed)
            for key in 1...3 as ClosedRange<Int64> {
                let folded = random.state(of: random.rows(of: key))
                let stored = folded.pruned(to: random.cut).encoded
                #expect(try ViewState(random.layout, encoded: stored).encoded == stored)
                for time in times(of: random, using: &generator) {
                    let answer = try random.answer(stored, at: time)
                    // A stream's state is asked just after its newest row, if that lies ahead.
                    let asked = random.layout.isBatchRefreshed ? time : answer.asOf
                    let expected = try random.joined(key, at: asked, over: random.rows)
                    let isEqual = zip(answer.values, expected).allSatisfy { $0.isIdentical(to: $1) }
                    #expect(isEqual, "seed \(seed): \(answer.values) is not \(expected)")
                }
            }
        }
    }

    @Test("gives the same bytes for any order, split, tree of merges and moment of pruning")
    func canonicalBytes() throws {
        for seed in 0..<1500 as Range<UInt64> {
            let random = RandomState(seed: seed)
            var generator = SeededGenerator(seed: seed)
            let rows = random.rows
            let whole = random.state(of: rows).pruned(to: random.cut)
            let early = random.state(of: rows, horizon: random.cut).pruned(to: random.cut)
            #expect(early.encoded == whole.encoded, "seed \(seed)")
            let parts = (0..<4).map { part in
                rows.enumerated().filter { $0.offset % 4 == part }.map(\.element)
                    .shuffled(using: &generator)
            }
            var states = try parts.map { part -> ViewState in
                let state = random.state(of: part)
                let isPruned = Bool.random(using: &generator)
                let bytes = (isPruned ? state.pruned(to: random.cut) : state).encoded
                return try ViewState(random.layout, encoded: bytes)
            }
            states.shuffle(using: &generator)
            while states.count > 1 {
                let last = states.removeLast()
                states[Int.random(in: states.indices, using: &generator)].merge(last)
            }
            #expect(states[0].pruned(to: random.cut).encoded == whole.encoded, "seed \(seed)")
        }
    }

    @Test("answers some features, in any order and twice, as it answers all")
    func someFeatures() throws {
        for seed in 0..<500 as Range<UInt64> {
            let random = RandomState(seed: seed)
            var generator = SeededGenerator(seed: seed)
            let features = Array(0..<random.join.view.features.count)
            let stored = random.state(of: random.rows).encoded
            let all = try random.answer(stored, at: random.built)
            let wanted = (0..<3).compactMap { _ in features.randomElement(using: &generator) }
            let some = try random.answer(stored, at: random.built, features: wanted)
            for (place, feature) in wanted.enumerated() {
                let isEqual = some.values[place].isIdentical(to: all.values[feature])
                #expect(isEqual && some.statuses[place] == all.statuses[feature], "seed \(seed)")
            }
        }
    }

    @Test("that is expired answers as no rows do")
    func expiry() throws {
        for seed in 0..<1500 as Range<UInt64> {
            let random = RandomState(seed: seed)
            let state = random.state(of: random.rows)
            let later = random.cut.advanced(by: .seconds(60))
            guard state.isExpired(at: later), !random.layout.isBatchRefreshed else { continue }
            let answer = try random.answer(state.encoded, at: later)
            let nothing = try random.answer(nil, at: later)
            #expect(answer.values == nothing.values, "seed \(seed)")
        }
    }

    @Test("remembers which partitions its rows came from")
    func partitions() throws {
        let random = RandomState(seed: 3)
        let kinds: [StatePartition] = [.none, .one(0), .one(7), .several]
        for left in kinds {
            for right in kinds {
                var (one, other) = (ViewState(random.layout), ViewState(random.layout))
                (one.partition, other.partition) = (left, right)
                var swapped = other
                one.merge(other)
                other = ViewState(random.layout)
                other.partition = left
                swapped.merge(other)
                #expect(one.partition == swapped.partition)
                let decoded = try ViewState(random.layout, encoded: one.encoded)
                #expect(decoded.partition == one.partition)
            }
        }
    }

    /// The building time, and later ones that the same generation answers.
    private func times(
        of random: RandomState, using generator: inout SeededGenerator
    ) -> [EventTime] {
        var times = [random.built]
        for _ in 0..<3 {
            let time = random.built.advanced(
                by: EventDuration(
                    microseconds: Int64.random(in: 0...30_000_000, using: &generator)))
            let isOfCut = NaiveJoin(join: random.join).cut(of: time) == random.cut
            if isOfCut || !random.layout.isBatchRefreshed { times.append(time) }
        }
        return times
    }
}
