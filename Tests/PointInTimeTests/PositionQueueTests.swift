import TestSupport
import Testing

@testable import PointInTime

@Suite("The queue of a moving window")
struct PositionQueueTests {
    @Test(
        "keeps positions in order, whatever the order in which they come and go", arguments: 0..<50)
    func order(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = PositionQueue()
        var expected: [Int] = []
        for step in 0..<400 {
            let late = Int.random(in: 0...(seed.isMultiple(of: 2) ? 2000 : 20), using: &random)
            let position = max(0, step * 10 - late * 10 + Int.random(in: 0...9, using: &random))
            queue.insert(
                position, row: Int32(step), at: queue.index(atOrAfter: position))
            expected.insert(position, at: expected.firstIndex { $0 >= position } ?? expected.count)
            if Int.random(in: 0..<10, using: &random) == 0 {
                let lowest = expected[expected.count / 3]
                queue.dropPositions(below: lowest)
                expected.removeAll { $0 < lowest }
            }
            #expect(queue.queued.map(\.position) == expected, "seed \(seed), step \(step)")
        }
    }

    @Test("takes positions in descending order without moving all of them")
    func descending() {
        var queue = PositionQueue()
        for position in (0..<300_000).reversed() {
            queue.insert(position, row: 0, at: queue.index(atOrAfter: position))
        }
        #expect(queue.queued.map(\.position) == Array(0..<300_000))
    }
}
