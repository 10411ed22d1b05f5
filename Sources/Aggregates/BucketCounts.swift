/// How many values stand at each place, without a bound on the places: what a quantile is read from
/// while values come and go.
package struct BucketCounts: Sendable {
    /// The places that are taken, ascending.
    package private(set) var indices: [Int32] = []
    /// How many values stand at each, at least one.
    package private(set) var counts: [Int64] = []
    /// How many values there are.
    package private(set) var total: Int64 = 0

    package init() {}

    /// How many places are taken.
    package var count: Int { indices.count }

    /// Goes back to no values, keeping the memory.
    package mutating func reset() {
        indices.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        total = 0
    }

    /// Adds a value. Complexity: O(log places), and O(places) moves for a place that was free.
    package mutating func add(_ index: Int32) {
        total &+= 1
        let place = place(of: index)
        if place < indices.count, indices[place] == index {
            counts[place] &+= 1
        } else {
            indices.insert(index, at: place)
            counts.insert(1, at: place)
        }
    }

    /// Takes away a value that was added.
    package mutating func remove(_ index: Int32) {
        total &-= 1
        let place = place(of: index)
        counts[place] &-= 1
        if counts[place] == 0 {
            indices.remove(at: place)
            counts.remove(at: place)
        }
    }

    /// Adds `count` values behind all others.
    mutating func append(_ index: Int32, count: Int64) {
        indices.append(index)
        counts.append(count)
        total &+= count
    }

    /// Adds all values of `other`. Complexity: O(places).
    mutating func merge(_ other: BucketCounts) {
        if other.count == 0 { return }
        if count == 0 {
            self = other
            return
        }
        var merged = BucketCounts()
        merged.indices.reserveCapacity(count + other.count)
        merged.counts.reserveCapacity(count + other.count)
        var (left, right) = (0, 0)
        while left < count || right < other.count {
            let one = left < count ? Int64(indices[left]) : .max
            let another = right < other.count ? Int64(other.indices[right]) : .max
            var sum: Int64 = 0
            if one <= another {
                sum &+= counts[left]
                left += 1
            }
            if another <= one {
                sum &+= other.counts[right]
                right += 1
            }
            merged.append(Int32(truncatingIfNeeded: min(one, another)), count: sum)
        }
        self = merged
    }

    /// The same values after neighbouring places are joined in pairs.
    func joined() -> BucketCounts {
        var result = BucketCounts()
        for (index, count) in zip(indices, counts) {
            let index = QuantileBucket.joined(index)
            if result.indices.last == index {
                result.counts[result.count - 1] &+= count
                result.total &+= count
            } else {
                result.append(index, count: count)
            }
        }
        return result
    }

    /// The place of the value at `quantile`; nil without values. Complexity: O(places).
    func index(at quantile: Quantile) -> Int32? {
        if total <= 0 { return nil }
        var rest = quantile.rank(of: total)
        for (index, count) in zip(indices, counts) {
            rest -= count
            if rest <= 0 { return index }
        }
        return indices.last
    }

    /// The most places from which joining once can have left these.
    var greatestCountBeforeJoining: Int {
        zip(indices, counts).reduce(0) { sum, entry in
            let (index, count) = entry
            let neighbours: Int64 = index == 0 ? 3 : QuantileBucket.joined(index) == index ? 1 : 2
            return sum + Int(min(count, neighbours))
        }
    }

    private func place(of index: Int32) -> Int {
        var low = 0
        var high = indices.count
        while low < high {
            let middle = (low + high) / 2
            if indices[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
