/// Copies length-prefixed byte strings to `bytes` and their ends, counted from `start`, to `ends`.
///
/// Both areas have `ByteRegion.slack` bytes behind them, so that short strings are copied as one
/// 32-byte block without a look at their length. `bytes` has room for all of `source`.
/// Returns how many bytes were copied; nil when a string does not lie inside `source`.
func copyPlainStrings(
    _ source: UnsafeRawBufferPointer, count: Int, start: Int,
    bytes: UnsafeMutableRawPointer, ends: UnsafeMutablePointer<Int32>
) -> Int? {
    guard let base = source.baseAddress else { return count == 0 ? 0 : nil }
    var position = 0
    var written = 0
    for index in 0..<count {
        guard source.count - position >= 4 else { return nil }
        let length = unsafe Int((base + position).loadUnaligned(as: UInt32.self))
        position += 4
        guard length <= source.count - position else { return nil }
        unsafe copyString(base + position, length, to: bytes + written)
        position += length
        written += length
        unsafe ends[index] = Int32(truncatingIfNeeded: start + written)
    }
    return written
}

/// Copies `length` bytes; up to 31 more may be read and written behind them.
@inline(__always)
func copyString(_ source: UnsafeRawPointer, _ length: Int, to target: UnsafeMutableRawPointer) {
    if length <= ByteRegion.slack {
        unsafe target.copyMemory(from: source, byteCount: ByteRegion.slack)
    } else {
        unsafe target.copyMemory(from: source, byteCount: length)
    }
}

/// The number of bytes that the strings at `indexes` have together.
func totalLength(
    _ offsets: UnsafePointer<Int32>, _ indexes: UnsafeBufferPointer<UInt32>
) -> Int {
    var total = 0
    for position in indexes.indices {
        let index = unsafe Int(indexes[position])
        unsafe total &+= Int(offsets[index + 1] &- offsets[index])
    }
    return total
}

/// Copies the strings at `indexes`, which were checked, as `copyPlainStrings` does.
func gatherStrings(
    _ dictionary: UnsafePointer<UInt8>, _ offsets: UnsafePointer<Int32>,
    _ indexes: UnsafeBufferPointer<UInt32>, start: Int,
    bytes: UnsafeMutableRawPointer, ends: UnsafeMutablePointer<Int32>
) {
    let source = unsafe UnsafeRawPointer(dictionary)
    var written = 0
    for position in indexes.indices {
        let index = unsafe Int(indexes[position])
        let from = unsafe Int(offsets[index])
        let length = unsafe Int(offsets[index + 1]) &- from
        unsafe copyString(source + from, length, to: bytes + written)
        written &+= length
        unsafe ends[position] = Int32(truncatingIfNeeded: start &+ written)
    }
}

/// Rebuilds the strings of DELTA_BYTE_ARRAY: a prefix of the string before and a suffix.
///
/// `bytes` has room for all prefixes and suffixes; `suffixes` for all suffixes, which was checked.
/// Returns false when a prefix is longer than the string before.
func joinPrefixes(
    _ prefixes: UnsafeBufferPointer<Int32>, _ lengths: UnsafeBufferPointer<Int32>,
    _ suffixes: UnsafeRawBufferPointer, start: Int,
    bytes: UnsafeMutableRawPointer, ends: UnsafeMutablePointer<Int32>
) -> Bool {
    var written = 0
    var previous = (start: 0, length: 0)
    var suffix = 0
    for index in prefixes.indices {
        let prefix = unsafe Int(prefixes[index])
        let length = unsafe Int(lengths[index])
        guard prefix <= previous.length else { return false }
        let target = unsafe bytes + written
        unsafe target.copyMemory(from: bytes + previous.start, byteCount: prefix)
        let source = unsafe UnsafeRawBufferPointer(rebasing: suffixes[suffix..<suffix + length])
        if let source = source.baseAddress, length > 0 {
            unsafe (target + prefix).copyMemory(from: source, byteCount: length)
        }
        previous = (written, prefix + length)
        written += prefix + length
        suffix += length
        unsafe ends[index] = Int32(truncatingIfNeeded: start + written)
    }
    return true
}

/// Whether `bytes` are UTF-8 and none of `starts` falls inside a character.
///
/// ASCII is passed 8 bytes at a time. A string is valid exactly when the whole is valid and the
/// string does not begin with a continuation byte, because then it ends at a character too.
func isUTF8(_ bytes: UnsafeRawBufferPointer, boundaries: UnsafeBufferPointer<Int32>, start: Int)
    -> Bool
{
    if unsafe isASCII(bytes) { return true }
    guard unsafe isUTF8(bytes) else { return false }
    for index in boundaries.indices {
        let offset = unsafe Int(boundaries[index]) - start
        if offset < bytes.count, unsafe bytes[offset] & 0xc0 == 0x80 { return false }
    }
    return true
}

private func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var seen: UInt64 = 0
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
        unsafe seen |= (base + offset).loadUnaligned(as: UInt64.self)
    }
    for offset in whole..<bytes.count { unsafe seen |= UInt64(bytes[offset]) }
    return seen & 0x8080_8080_8080_8080 == 0
}

private func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index < bytes.count {
        let lead = unsafe bytes[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        // The first continuation byte is narrower for some leads: no overlong forms, surrogates
        // or values above U+10FFFF.
        let shape: (length: Int, low: UInt8, high: UInt8)
        switch lead {
        case 0xc2...0xdf: shape = (2, 0x80, 0xbf)
        case 0xe0: shape = (3, 0xa0, 0xbf)
        case 0xed: shape = (3, 0x80, 0x9f)
        case 0xe1...0xef: shape = (3, 0x80, 0xbf)
        case 0xf0: shape = (4, 0x90, 0xbf)
        case 0xf1...0xf3: shape = (4, 0x80, 0xbf)
        case 0xf4: shape = (4, 0x80, 0x8f)
        default: return false
        }
        guard shape.length <= bytes.count - index else { return false }
        let second = unsafe bytes[index + 1]
        guard second >= shape.low, second <= shape.high else { return false }
        for offset in 2..<max(2, shape.length) where unsafe bytes[index + offset] & 0xc0 != 0x80 {
            return false
        }
        index += shape.length
    }
    return true
}
