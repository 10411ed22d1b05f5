/// Distinct hashes in ascending order, at most `capacity` of them: the smallest.
///
/// What it holds is a function of the set of hashes alone: the smallest n of a union need only the
/// smallest n of each part.
package struct SmallestHashes: Sendable {
    package let capacity: Int
    package private(set) var hashes: [UInt64] = []

    package init(capacity: Int) { self.capacity = capacity }

    /// How many there are.
    package var count: Int { hashes.count }

    /// Adds a hash. Complexity: O(log capacity) comparisons, O(capacity) moves.
    package mutating func insert(_ hash: UInt64) {
        if hashes.count == capacity, let last = hashes.last, hash >= last { return }
        var low = 0
        var high = hashes.count
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        if low < hashes.count, hashes[low] == hash { return }
        if hashes.count == capacity { hashes.removeLast() }
        hashes.insert(hash, at: low)
    }

    /// Adds all hashes of `other`. Complexity: O(capacity).
    package mutating func merge(_ other: SmallestHashes) {
        let others = other.hashes
        guard let least = others.first else { return }
        if hashes.count == capacity, let last = hashes.last, least > last { return }
        var merged: [UInt64] = []
        merged.reserveCapacity(min(capacity, hashes.count + others.count))
        var (left, right) = (0, 0)
        while merged.count < capacity, left < hashes.count, right < others.count {
            let (one, another) = (hashes[left], others[right])
            merged.append(min(one, another))
            left += one <= another ? 1 : 0
            right += another <= one ? 1 : 0
        }
        let room = capacity - merged.count
        merged.append(
            contentsOf: left < hashes.count
                ? hashes[left...].prefix(room) : others[right...].prefix(room))
        hashes = merged
    }

    /// Writes how many, and each as 8 bytes.
    func encode(into writer: inout StateWriter) {
        writer.write(UInt64(hashes.count))
        for hash in hashes { writer.write(fixed: hash) }
    }

    /// Reads what `encode` wrote.
    init(capacity: Int, from reader: inout StateReader) throws(AggregateError) {
        self.init(capacity: capacity)
        let count = try reader.readCount(limit: capacity)
        try read(count: count, from: &reader)
    }

    /// Reads `count` hashes, at most `capacity`.
    mutating func read(count: Int, from reader: inout StateReader) throws(AggregateError) {
        for _ in 0..<count {
            let hash = try reader.readFixed()
            if let last = hashes.last, hash <= last {
                throw reader.corrupt("hashes are out of order")
            }
            hashes.append(hash)
        }
    }
}
