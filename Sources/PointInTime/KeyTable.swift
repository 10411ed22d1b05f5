package import Values

/// Numbers the distinct entity keys of a spine in order of first appearance.
///
/// Open addressing with linear probing over the keys' fixed hash; keys lie one after the other in
/// one array. Built by one thread, then read by many. Insert and find are O(1) expected.
package struct KeyTable: Sendable {
    /// A number and the upper half of its key's hash, which settles most comparisons at once.
    private struct Slot {
        var id: Int32 = KeyTable.absent
        var tag: UInt32 = 0
    }

    private static let absent: Int32 = -1
    /// The first slot holds another key; the one looked for may lie behind it.
    private static let unsettled: Int32 = -2

    private var slots: [Slot] = Array(repeating: Slot(), count: 1024)
    private var hashes: [UInt64] = []
    private var ends: [Int] = []
    private var bytes: [UInt8] = []

    /// Starts without keys.
    package init() {}

    /// The bytes of the key with the number `id`.
    package func bytes(of id: Int) -> ArraySlice<UInt8> {
        bytes[(id == 0 ? 0 : ends[id - 1])..<ends[id]]
    }

    /// How many distinct keys were inserted.
    package var count: Int { hashes.count }

    /// The number of `key`, which is added when it is unknown.
    package mutating func insert(_ key: EntityKey) -> Int32 {
        let hash = key.hash
        let slot = slot(of: key.bytes, in: key.bytes.indices, hash: hash)
        if slots[slot].id >= 0 { return slots[slot].id }
        let id = Int32(hashes.count)
        slots[slot] = Slot(id: id, tag: tag(of: hash))
        hashes.append(hash)
        bytes.append(contentsOf: key.bytes)
        ends.append(bytes.count)
        if hashes.count * 2 > slots.count { grow() }
        return id
    }

    /// The numbers of the keys of a block, negative where no spine row has one.
    ///
    /// In a large table nearly every look is a cache miss. The first pass looks at all first slots
    /// and the second compares bytes, so that the misses of a pass are under way together.
    func find(_ keys: KeyBlock) -> [Int32] {
        var ids = keys.hashes.map { hash in
            let first = slots[Int(truncatingIfNeeded: hash) & (slots.count - 1)]
            return first.id < 0 || first.tag == tag(of: hash) ? first.id : Self.unsettled
        }
        for index in ids.indices where ids[index] != Self.absent {
            let range = keys.range(of: index)
            if ids[index] >= 0, matches(Int(ids[index]), keys.bytes, range) { continue }
            ids[index] = slots[slot(of: keys.bytes, in: range, hash: keys.hashes[index])].id
        }
        return ids
    }

    /// The slot that holds the key, or the free one where it belongs.
    private func slot(of key: [UInt8], in range: Range<Int>, hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        let tag = tag(of: hash)
        while slots[slot].id >= 0 {
            if slots[slot].tag == tag, matches(Int(slots[slot].id), key, range) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash &>> 32) }

    private func matches(_ id: Int, _ key: [UInt8], _ range: Range<Int>) -> Bool {
        let shift = (id == 0 ? 0 : ends[id - 1]) - range.lowerBound
        guard ends[id] - shift == range.upperBound else { return false }
        for index in range where bytes[index + shift] != key[index] { return false }
        return true
    }

    private mutating func grow() {
        slots = Array(repeating: Slot(), count: slots.count * 2)
        let mask = slots.count - 1
        for (id, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot].id >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Slot(id: Int32(id), tag: tag(of: hash))
        }
    }
}
