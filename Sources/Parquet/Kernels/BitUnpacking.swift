// Bit-unpacking loads whole words at unaligned addresses; callers pass sources that have
// `ByteRegion.slack` readable bytes behind them and have checked that the values lie inside.

/// Writes `count` values of `width` bits each, least significant bit first, to `target`.
///
/// `width` is at most 32; the bits begin at `source`.
@inline(__always)
func unpackBits<Value: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawPointer, width: Int, count: Int, into target: UnsafeMutablePointer<Value>
) {
    let mask = (UInt64(1) &<< UInt64(width)) &- 1
    var bit = 0
    for index in 0..<count {
        let word = unsafe (source + (bit &>> 3)).loadUnaligned(as: UInt64.self)
        unsafe target[index] = Value(truncatingIfNeeded: (word &>> UInt64(bit & 7)) & mask)
        bit &+= width
    }
}

/// Writes `count` values of up to 64 bits each.
func unpackWideBits(
    _ source: UnsafeRawPointer, width: Int, count: Int, into target: UnsafeMutablePointer<UInt64>
) {
    if width <= 32 {
        unsafe unpackBits(source, width: width, count: count, into: target)
        return
    }
    let mask = width == 64 ? UInt64.max : (UInt64(1) &<< UInt64(width)) &- 1
    var bit = 0
    for index in 0..<count {
        let address = unsafe source + (bit &>> 3)
        let low = unsafe address.loadUnaligned(as: UInt64.self)
        let high = unsafe UInt64((address + 8).loadUnaligned(as: UInt8.self))
        let shift = UInt64(bit & 7)
        // Two shifts, because one by 64 would be masked to one by 0.
        let word = (low &>> shift) | ((high &<< 1) &<< (63 &- shift))
        unsafe target[index] = word & mask
        bit &+= width
    }
}

/// Packs `count` bytes that are 0 or 1 into words, least significant bit first.
///
/// `target` must have room for `(count + 63) / 64` words; unused bits are cleared.
func packFlags(
    _ flags: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<UInt64>
) {
    let whole = count / 64
    for word in 0..<whole {
        var bits: UInt64 = 0
        for byte in 0..<8 {
            let eight = unsafe UnsafeRawPointer(flags + word * 64 + byte * 8)
                .loadUnaligned(as: UInt64.self)
            bits |= ((eight &* 0x0102_0408_1020_4080) &>> 56) &<< UInt64(byte * 8)
        }
        unsafe target[word] = bits
    }
    guard count % 64 != 0 else { return }
    var bits: UInt64 = 0
    for index in whole * 64..<count {
        unsafe bits |= UInt64(flags[index] & 1) &<< UInt64(index & 63)
    }
    unsafe target[whole] = bits
}
