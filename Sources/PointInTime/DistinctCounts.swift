import Aggregates
import Values

/// How many rows of a moving window have each hash; what comes in can go out again.
struct HashMultiset {
    private var rows: [UInt64: Int32] = [:]

    /// How many different hashes there are.
    var count: Int { rows.count }

    /// The different hashes.
    var hashes: some Collection<UInt64> { rows.keys }

    /// Goes back to no rows; keeps the memory unless it was much.
    mutating func reset() { rows.removeAll(keepingCapacity: rows.capacity <= 4096) }

    /// Adds a row.
    ///
    /// - Returns: whether its hash was not there.
    mutating func add(_ hash: UInt64) -> Bool {
        let count = rows[hash, default: 0]
        rows[hash] = count + 1
        return count == 0
    }

    /// Takes a row away that was added.
    ///
    /// - Returns: whether it was the last of its hash.
    mutating func remove(_ hash: UInt64) -> Bool {
        let count = rows[hash, default: 1]
        rows[hash] = count == 1 ? nil : count - 1
        return count == 1
    }
}

/// `distinct_exact(x, cap)`
struct CappedDistinctCount: RunningAggregate {
    let cap: Int
    private var rows = HashMultiset()

    init(cap: Int) { self.cap = cap }

    mutating func reset() { rows.reset() }
    mutating func add(_ hash: UInt64) { _ = rows.add(hash) }
    mutating func remove(_ hash: UInt64) { _ = rows.remove(hash) }
    var result: Int64? { Int64(min(rows.count, cap)) }
}

/// `distinct(x)`: what a `DistinctSketch` of the window would say, with rows going out too.
///
/// The registers of a sketch forget all ranks but the greatest. Here each register has the ranks of
/// all its hashes, so that the next greatest is known when the greatest goes.
struct DistinctCount: RunningAggregate {
    private var rows = HashMultiset()
    private var registers: RankedRegisters?

    mutating func reset() {
        // Emptied rather than made anew: clearing all of its memory would cost more.
        for hash in rows.hashes { registers?.remove(hash) }
        rows.reset()
    }

    mutating func add(_ hash: UInt64) {
        guard rows.add(hash) else { return }
        if registers != nil {
            registers?.insert(hash)
        } else if rows.count > DistinctSketch.exactLimit {
            var made = RankedRegisters()
            for hash in rows.hashes { made.insert(hash) }
            registers = made
        }
    }

    mutating func remove(_ hash: UInt64) {
        if rows.remove(hash) { registers?.remove(hash) }
    }

    var result: Int64? {
        guard rows.count > DistinctSketch.exactLimit, let registers else {
            return Int64(rows.count)
        }
        return registers.cardinality
    }
}

/// The ranks of the different hashes of each register.
private struct RankedRegisters {
    private static let rankCount = DistinctSketch.greatestRank + 1
    /// How many hashes have each rank, register by register.
    private var counts = [Int32](repeating: 0, count: DistinctSketch.registerCount * rankCount)
    /// Which ranks each register has, as bits.
    private var ranks = [UInt64](repeating: 0, count: DistinctSketch.registerCount)
    /// How many registers have each value.
    private var multiplicities = [Int](repeating: 0, count: rankCount)

    init() { multiplicities[0] = DistinctSketch.registerCount }

    var cardinality: Int64 { Aggregates.cardinality(multiplicities: multiplicities) }

    mutating func insert(_ hash: UInt64) { change(hash, by: 1) }

    mutating func remove(_ hash: UInt64) { change(hash, by: -1) }

    private mutating func change(_ hash: UInt64, by step: Int32) {
        let register = DistinctSketch.register(of: hash)
        let rank = DistinctSketch.rank(of: hash)
        let before = value(of: register)
        counts[register * Self.rankCount + rank] += step
        let bit: UInt64 = 1 << UInt64(rank)
        if counts[register * Self.rankCount + rank] == 0 {
            ranks[register] &= ~bit
        } else {
            ranks[register] |= bit
        }
        multiplicities[before] -= 1
        multiplicities[value(of: register)] += 1
    }

    private func value(of register: Int) -> Int {
        ranks[register] == 0 ? 0 : 63 - ranks[register].leadingZeroBitCount
    }
}
