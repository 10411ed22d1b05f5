import Values

// The key of a state: `r1:{<slot>}:<generation>:<entity>`.
//
//   slot        the Redis Cluster hash tag: hash(entity) mod slots, in decimal digits
//   generation  1 byte below 248; else 247 + n and the number's n bytes, big-endian: so later
//               generations sort behind earlier ones
//   entity      the bytes of the entity's key; beyond 400 of them the first 400 and the SHA-256 of
//               all, 432 bytes, which no shorter key can be
//
// LMDB's keys have at most 511 bytes.

/// The bytes under which stores keep states.
public struct StoreKey: Sendable {
    /// The longest entity key that is stored as it is.
    public static let longestEntity = 400

    /// How many slots entities are spread over.
    public let slots: UInt64

    /// Keys of a store with `slots` slots, at least 1.
    public init(slots: UInt64 = 1) {
        precondition(slots > 0, "a store has at least one slot")
        self.slots = slots
    }

    /// The key of `entity` in generation `generation`.
    public func bytes(generation: UInt64, entity: [UInt8]) -> [UInt8] {
        prefix(slot: slot(of: entity), generation: generation) + Self.stored(entity)
    }

    /// What stands for an entity in a key: its bytes, or their beginning and their digest.
    public static func stored(_ entity: [UInt8]) -> [UInt8] {
        if entity.count <= longestEntity { return entity }
        return entity.prefix(longestEntity) + SHA256.hash(entity)
    }

    /// The slot of an entity's states.
    func slot(of entity: [UInt8]) -> UInt64 { slots == 1 ? 0 : hash64(entity) % slots }

    /// What all keys of a generation in one slot begin with.
    public func prefix(slot: UInt64, generation: UInt64) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(96)
        key += "r1:{".utf8
        key.append(decimal: slot)
        key += "}:".utf8
        if generation < 248 {
            key.append(UInt8(generation))
        } else {
            let count = (64 - generation.leadingZeroBitCount + 7) / 8
            key.append(UInt8(247 + count))
            for index in (0..<count).reversed() {
                key.append(UInt8(truncatingIfNeeded: generation >> UInt64(8 * index)))
            }
        }
        key.append(UInt8(ascii: ":"))
        return key
    }
}
