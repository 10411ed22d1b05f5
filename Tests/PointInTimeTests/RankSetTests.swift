import TestSupport
import Testing

@testable import PointInTime

@Suite("A set of ranks")
struct RankSetTests {
    @Test(
        "walks its members in order, whatever came and went", arguments: [1, 64, 65, 5000, 300_000])
    func walks(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        var set = RankSet(capacity: capacity)
        var members: Set<Int> = []
        for _ in 0..<600 {
            let member = Int.random(in: 0..<capacity, using: &random)
            if Bool.random(using: &random) {
                set.insert(member)
                members.insert(member)
            } else {
                set.remove(member)
                members.remove(member)
            }
        }
        var walked: [Int] = []
        var next = set.first(from: 0)
        while let member = next {
            walked.append(member)
            next = set.first(from: member + 1)
        }
        #expect(walked == members.sorted())
        set.removeAll()
        #expect(set.first(from: 0) == nil)
        #expect(set.first(from: capacity) == nil)
    }

    @Test("of nothing has no members")
    func empty() {
        var set = RankSet(capacity: 0)
        set.removeAll()
        #expect(set.first(from: 0) == nil)
    }
}
