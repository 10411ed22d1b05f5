import Values

/// Numbers the distinct entity keys of a spine in order of first appearance.
///
/// Open addressing with linear probing over the keys' fixed hash; keys lie one after the other in
/// one array. Built by one thread, then read by many. Insert and find are O(1) expected.
struct KeyTable: Sendable {
    /// A number and the upper half of its key's hash, which settles most comparisons at once.
    private struct Slot {
        var id: Int32 = -1
        var tag: UInt32 = 0
    }

    private var slots: [Slot] = Array(repeating: Slot(), count: 1024)
    private var hashes: [UInt64] = []
    private var ends: [Int] = []
    private var bytes: [UInt8] = []

    /// How many distinct keys were inserted.
    var count: Int { hashes.count }

    /// The number of `key`, which is added when it is unknown.
    mutating func insert(_ key: EntityKey) -> Int32 {
        let hash = key.hash
        let slot = slot(of: key.bytes, hash: hash)
        if slots[slot].id >= 0 { return slots[slot].id }
        let id = Int32(hashes.count)
        slots[slot] = Slot(id: id, tag: tag(of: hash))
        hashes.append(hash)
        bytes.append(contentsOf: key.bytes)
        ends.append(bytes.count)
        if hashes.count * 2 > slots.count { grow() }
        return id
    }

    /// The number of `key`, or nil when no spine row has it.
    func find(_ key: EntityKey) -> Int32? {
        let id = slots[slot(of: key.bytes, hash: key.hash)].id
        return id < 0 ? nil : id
    }

    /// The slot that holds the key, or the free one where it belongs.
    private func slot(of key: [UInt8], hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        let tag = tag(of: hash)
        while slots[slot].id >= 0 {
            if slots[slot].tag == tag, matches(Int(slots[slot].id), key) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash &>> 32) }

    private func matches(_ id: Int, _ key: [UInt8]) -> Bool {
        let start = id == 0 ? 0 : ends[id - 1]
        guard ends[id] - start == key.count else { return false }
        for index in key.indices where bytes[start + index] != key[index] { return false }
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
