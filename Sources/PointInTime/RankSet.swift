/// A set of small integers whose members can be walked in order from the least: a bit for each, and
/// above each 64 words a word that says which of them have any.
struct RankSet {
    /// The bits themselves, then the summaries.
    private var levels: [[UInt64]] = []

    /// Makes an empty set of integers below `capacity`.
    init(capacity: Int) {
        var words = (capacity + 63) / 64
        while true {
            levels.append([UInt64](repeating: 0, count: words))
            if words <= 1 { return }
            words = (words + 63) / 64
        }
    }

    /// Adds a member. Complexity: O(log capacity) to base 64.
    mutating func insert(_ member: Int) {
        var index = member
        for level in levels.indices {
            let word = levels[level][index >> 6]
            levels[level][index >> 6] = word | 1 << UInt64(index & 63)
            if word != 0 { return }
            index >>= 6
        }
    }

    /// Removes a member. Complexity: O(log capacity) to base 64.
    mutating func remove(_ member: Int) {
        var index = member
        for level in levels.indices {
            levels[level][index >> 6] &= ~(1 << UInt64(index & 63))
            if levels[level][index >> 6] != 0 { return }
            index >>= 6
        }
    }

    /// Removes all members. Complexity: O(members).
    mutating func removeAll() {
        while let member = first(from: 0) { remove(member) }
    }

    /// The least member that is not below `bound`. Complexity: O(log capacity) to base 64.
    func first(from bound: Int) -> Int? {
        var index = bound
        for level in levels.indices {
            let word = index >> 6
            guard word < levels[level].count else { return nil }
            let bits = levels[level][word] >> UInt64(index & 63)
            if bits != 0 { return descend(from: index + bits.trailingZeroBitCount, level: level) }
            index = word + 1
        }
        return nil
    }

    private func descend(from member: Int, level: Int) -> Int {
        var index = member
        for lower in levels[..<level].reversed() {
            index = index << 6 | lower[index].trailingZeroBitCount
        }
        return index
    }
}
