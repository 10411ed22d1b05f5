// HyperLogLog (Flajolet et al. 2007) over 64-bit hashes, exact while there are few.
//
// Idea. Up to `exactLimit` distinct hashes are kept as they are, so small counts are exact. Beyond
// it the first 12 bits of a hash choose one of 4,096 registers, and the register keeps the greatest
// rank seen: the number of leading zeros of the other 52 bits, plus one.
//
// Invariant. Registers are there exactly when the set has more than `exactLimit` hashes. Both forms
// are functions of the set of hashes, and a set is beyond the limit when one of its parts is: so
// merging is associative and commutative, and the bytes depend on no order.
//
// Cost. O(log) and a small move to insert while exact, O(1) afterwards; 4 KB to merge. The standard
// error is 1.04 / sqrt(4096) = 1.6 %.

/// How many different values there were, about.
package struct DistinctSketch: Sendable {
    /// The greatest count that is exact.
    package static let exactLimit = 256
    /// How many registers there are.
    package static let registerCount = 4096
    /// The greatest rank: 52 zeros, plus one.
    package static let greatestRank = 53

    private(set) var exact = SmallestHashes(capacity: Self.exactLimit + 1)
    /// Empty while the count is exact.
    private(set) var registers: [UInt8] = []

    package init() {}

    private var isExact: Bool { registers.isEmpty }

    /// The register that a hash belongs to.
    package static func register(of hash: UInt64) -> Int { Int(hash >> 52) }

    /// The rank of a hash within its register, from 1 on.
    package static func rank(of hash: UInt64) -> Int {
        min((hash << 12).leadingZeroBitCount + 1, greatestRank)
    }

    /// Adds a hash.
    package mutating func insert(_ hash: UInt64) {
        guard isExact else {
            raise(hash)
            return
        }
        exact.insert(hash)
        if exact.count > Self.exactLimit { spread() }
    }

    /// Adds all hashes of `other`.
    package mutating func merge(_ other: DistinctSketch) {
        if other.isExact {
            if isExact {
                mergeExact(other.exact)
            } else {
                for hash in other.exact.hashes { raise(hash) }
            }
            return
        }
        if isExact {
            let mine = exact.hashes
            self = other
            for hash in mine { raise(hash) }
            return
        }
        for index in registers.indices where registers[index] < other.registers[index] {
            registers[index] = other.registers[index]
        }
    }

    private mutating func mergeExact(_ other: SmallestHashes) {
        let mine = exact.hashes
        exact.merge(other)
        if exact.count <= Self.exactLimit { return }
        spread()
        // A union beyond the limit keeps not all of its hashes, but registers need all of them.
        for hash in mine { raise(hash) }
        for hash in other.hashes { raise(hash) }
    }

    /// The count: exact up to `exactLimit`, an estimate beyond it.
    package var count: Int64 {
        if isExact { return Int64(exact.count) }
        var multiplicities = [Int](repeating: 0, count: Self.greatestRank + 1)
        for register in registers { multiplicities[Int(register)] += 1 }
        return cardinality(multiplicities: multiplicities)
    }

    private mutating func raise(_ hash: UInt64) {
        let register = Self.register(of: hash)
        registers[register] = max(registers[register], UInt8(Self.rank(of: hash)))
    }

    /// Goes from hashes to registers.
    private mutating func spread() {
        registers = [UInt8](repeating: 0, count: Self.registerCount)
        for hash in exact.hashes { raise(hash) }
        exact = SmallestHashes(capacity: Self.exactLimit + 1)
    }
}

// The bytes: the number of hashes, and each; or `exactLimit + 1` and the registers, 6 bits each,
// four in three bytes, the lowest bits first.
extension DistinctSketch {
    package func encode(into writer: inout StateWriter) {
        guard !isExact else {
            exact.encode(into: &writer)
            return
        }
        writer.write(UInt64(Self.exactLimit + 1))
        for first in stride(from: 0, to: registers.count, by: 4) {
            let bits = (0..<4).reduce(0 as UInt32) { bits, index in
                bits | UInt32(registers[first + index]) << UInt32(6 * index)
            }
            for shift in [0, 8, 16] as [UInt32] {
                writer.write(byte: UInt8(truncatingIfNeeded: bits >> shift))
            }
        }
    }

    package init(from reader: inout StateReader) throws(AggregateError) {
        let count = try reader.readCount(limit: Self.exactLimit + 1)
        guard count > Self.exactLimit else {
            try exact.read(count: count, from: &reader)
            return
        }
        let bytes = Array(try reader.readBytes(count: Self.registerCount / 4 * 3))
        registers.reserveCapacity(Self.registerCount)
        for first in stride(from: 0, to: bytes.count, by: 3) {
            let bits =
                UInt32(bytes[first]) | UInt32(bytes[first + 1]) << 8 | UInt32(bytes[first + 2])
                << 16
            for index in 0..<4 as Range<UInt32> {
                registers.append(UInt8(bits >> (6 * index) & 63))
            }
        }
        guard registers.allSatisfy({ $0 <= Self.greatestRank }),
            registers.contains(where: { $0 > 0 })
        else { throw reader.corrupt("a register is out of range") }
    }
}
