import Values

/// A few hundred keys, one after the other, to be looked up together.
struct KeyBlock {
    /// How many keys are looked up at a time: enough to overlap the waits for memory, few enough
    /// to stay in the cache.
    static let capacity = 512

    private(set) var hashes: [UInt64] = []
    private(set) var ends: [Int] = []
    private(set) var bytes: [UInt8] = []

    var count: Int { hashes.count }

    /// The bytes of key `index`.
    func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    mutating func append(_ key: EntityKey) {
        hashes.append(key.hash)
        bytes.append(contentsOf: key.bytes)
        ends.append(bytes.count)
    }

    mutating func removeAll() {
        hashes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}
