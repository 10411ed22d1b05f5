import Values

/// Numbers the distinct entity keys of a spine in order of first appearance.
///
/// Open addressing with linear probing over the keys' fixed hash; keys lie one after the other in
/// one array. Built by one thread, then read by many. Insert and find are O(1) expected.
struct KeyTable: Sendable {
    private var slots: [Int32] = Array(repeating: -1, count: 1024)
    private var hashes: [UInt64] = []
    private var ends: [Int] = []
    private var bytes: [UInt8] = []

    /// How many distinct keys were inserted.
    var count: Int { hashes.count }

    /// The number of `key`, which is added when it is unknown.
    mutating func insert(_ key: EntityKey) -> Int32 {
        let hash = key.hash
        let slot = slot(of: key.bytes, hash: hash)
        if slots[slot] >= 0 { return slots[slot] }
        let id = Int32(hashes.count)
        slots[slot] = id
        hashes.append(hash)
        bytes.append(contentsOf: key.bytes)
        ends.append(bytes.count)
        if hashes.count * 2 > slots.count { grow() }
        return id
    }

    /// The number of `key`, or nil when no spine row has it.
    func find(_ key: EntityKey) -> Int32? {
        let id = slots[slot(of: key.bytes, hash: key.hash)]
        return id < 0 ? nil : id
    }

    /// The slot that holds the key, or the free one where it belongs.
    private func slot(of key: [UInt8], hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0, !matches(Int(slots[slot]), key, hash) { slot = (slot + 1) & mask }
        return slot
    }

    private func matches(_ id: Int, _ key: [UInt8], _ hash: UInt64) -> Bool {
        guard hashes[id] == hash else { return false }
        let start = id == 0 ? 0 : ends[id - 1]
        return bytes[start..<ends[id]].elementsEqual(key)
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (id, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(id)
        }
    }
}
