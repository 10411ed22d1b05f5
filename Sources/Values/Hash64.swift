/// XXH64 with seed 0 (Collet, xxHash specification 0.1.1): the fixed hash of entity keys.
///
/// It decides partitions and slots that outlive a process, so it never changes. It reads each byte
/// once, eight at a time; cost is about a nanosecond per 8 bytes plus a constant.
public func hash64(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var position = 0
    var hash: UInt64
    let count = bytes.count
    if count >= 32 {
        var lanes = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
        while position + 32 <= count {
            lanes.0 = unsafe round(lanes.0, word64(bytes, position))
            lanes.1 = unsafe round(lanes.1, word64(bytes, position + 8))
            lanes.2 = unsafe round(lanes.2, word64(bytes, position + 16))
            lanes.3 = unsafe round(lanes.3, word64(bytes, position + 24))
            position += 32
        }
        hash =
            rotate(lanes.0, 1) &+ rotate(lanes.1, 7) &+ rotate(lanes.2, 12)
            &+ rotate(lanes.3, 18)
        for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
            hash = (hash ^ round(0, lane)) &* prime1 &+ prime4
        }
    } else {
        hash = prime5
    }
    hash &+= UInt64(count)
    return unsafe avalanche(tail(hash, bytes, from: position))
}

/// XXH64 of a part of an array.
public func hash64(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    unsafe bytes.withUnsafeBufferPointer { bytes in unsafe hash64(bytes) }
}

/// XXH64 of an array.
public func hash64(_ bytes: [UInt8]) -> UInt64 {
    unsafe bytes.withUnsafeBufferPointer { bytes in unsafe hash64(bytes) }
}

/// XXH64 of the eight bytes of `word`, the lowest first, without touching memory.
public func hash64(ofWord word: UInt64) -> UInt64 {
    avalanche(rotate((prime5 &+ 8) ^ round(0, word), 27) &* prime1 &+ prime4)
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

private func tail(
    _ start: UInt64, _ bytes: UnsafeBufferPointer<UInt8>, from first: Int
) -> UInt64 {
    var hash = start
    var position = first
    while position + 8 <= bytes.count {
        hash = unsafe rotate(hash ^ round(0, word64(bytes, position)), 27) &* prime1 &+ prime4
        position += 8
    }
    if position + 4 <= bytes.count {
        let word = unsafe UInt64(word32(bytes, position))
        hash = rotate(hash ^ (word &* prime1), 23) &* prime2 &+ prime3
        position += 4
    }
    while position < bytes.count {
        hash = unsafe rotate(hash ^ (UInt64(bytes[position]) &* prime5), 11) &* prime1
        position += 1
    }
    return hash
}

private func avalanche(_ start: UInt64) -> UInt64 {
    var hash = start
    hash = (hash ^ (hash &>> 33)) &* prime2
    hash = (hash ^ (hash &>> 29)) &* prime3
    return hash ^ (hash &>> 32)
}

private func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
    rotate(accumulator &+ input &* prime2, 31) &* prime1
}

private func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
    (word &<< bits) | (word &>> (64 - bits))
}

private func word64(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> UInt64 {
    unsafe UInt64(
        littleEndian: UnsafeRawBufferPointer(bytes)
            .loadUnaligned(fromByteOffset: position, as: UInt64.self))
}

private func word32(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> UInt32 {
    unsafe UInt32(
        littleEndian: UnsafeRawBufferPointer(bytes)
            .loadUnaligned(fromByteOffset: position, as: UInt32.self))
}
