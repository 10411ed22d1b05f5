/// Encodes values in the RLE / bit-packing hybrid, appending to `bytes`.
///
/// A run of at least 8 equal values is repeated, others are packed in groups of 8.
func encodeHybrid<Value: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, width: Int, into bytes: inout [UInt8]
) {
    var index = 0
    var packedStart = 0
    while index < values.count {
        let run = unsafe runLength(values, from: index)
        guard run >= 8 else {
            index = min(index + 8, values.count)
            continue
        }
        unsafe encodePacked(
            UnsafeBufferPointer(rebasing: values[packedStart..<index]), width: width, into: &bytes)
        appendVarint(UInt64(run) << 1, to: &bytes)
        let value = unsafe UInt32(truncatingIfNeeded: values[index])
        for byte in 0..<(width + 7) / 8 {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(byte * 8)))
        }
        index += run
        packedStart = index
    }
    unsafe encodePacked(
        UnsafeBufferPointer(rebasing: values[packedStart...]), width: width, into: &bytes)
}

private func runLength<Value: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, from start: Int
) -> Int {
    var end = start + 1
    while unsafe end < values.count && values[end] == values[start] { end += 1 }
    return end - start
}

/// Packs a run of values, the last group filled up with zeros.
private func encodePacked<Value: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, width: Int, into bytes: inout [UInt8]
) {
    guard !values.isEmpty else { return }
    let groups = (values.count + 7) / 8
    appendVarint(UInt64(groups) << 1 | 1, to: &bytes)
    let size = groups * width
    bytes += unsafe [UInt8](unsafeUninitializedCapacity: size) { target, initialized in
        unsafe packBits(values, width: width, into: target)
        initialized = size
    }
}

/// Writes `width` bits of each value, least significant bit first; the rest of `target` is zeroed.
private func packBits<Value: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, width: Int, into target: UnsafeMutableBufferPointer<UInt8>
) {
    var word: UInt64 = 0
    var bits = 0
    var position = 0
    for index in values.indices {
        unsafe word |= UInt64(truncatingIfNeeded: values[index]) &<< UInt64(bits)
        bits &+= width
        while bits >= 8 {
            unsafe target[position] = UInt8(truncatingIfNeeded: word)
            word &>>= 8
            bits &-= 8
            position &+= 1
        }
    }
    while position < target.count {
        unsafe target[position] = UInt8(truncatingIfNeeded: word)
        word = 0
        position += 1
    }
}

private func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
    }
    bytes.append(UInt8(rest))
}
