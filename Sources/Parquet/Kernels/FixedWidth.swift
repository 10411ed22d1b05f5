/// Puts the byte streams of BYTE_STREAM_SPLIT back together: byte `k` of value `i` stands at
/// `k * count + i`.
func joinByteStreams(
    _ source: UnsafeRawPointer, width: Int, count: Int, into target: UnsafeMutableRawPointer
) {
    for byte in 0..<width {
        for index in 0..<count {
            let value = unsafe source.load(fromByteOffset: byte * count + index, as: UInt8.self)
            unsafe target.storeBytes(of: value, toByteOffset: index * width + byte, as: UInt8.self)
        }
    }
}

/// Converts the 12-byte times of Impala and old Spark, nanoseconds of a day and a Julian day, to
/// microseconds since the Unix epoch, rounded down. Sums wrap around for absurd days.
func convertInt96(
    _ source: UnsafeRawPointer, count: Int, into target: UnsafeMutablePointer<Int64>
) {
    let epochDay: Int64 = 2_440_588
    for index in 0..<count {
        let value = unsafe source + index * 12
        let nanoseconds = unsafe value.loadUnaligned(as: Int64.self)
        let day = unsafe Int64((value + 8).loadUnaligned(as: Int32.self))
        let time = floorDivide(nanoseconds, by: 1_000)
        unsafe target[index] = (day - epochDay) &* 86_400_000_000 &+ time
    }
}

/// The quotient rounded toward minus infinity; `divisor` is positive.
@inline(__always)
func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}

/// Writes +0 for -0 and the one quiet NaN for every NaN.
func canonicalize(_ values: UnsafeMutableBufferPointer<Double>) {
    for index in values.indices {
        let value = unsafe values[index]
        let bits = value.bitPattern
        let positive = bits &<< 1 == 0 ? 0 : bits
        unsafe values[index] = Double(
            bitPattern: value != value ? 0x7ff8_0000_0000_0000 : positive)
    }
}

/// Writes +0 for -0 and the one quiet NaN for every NaN.
func canonicalize(_ values: UnsafeMutableBufferPointer<Float>) {
    for index in values.indices {
        let value = unsafe values[index]
        let bits = value.bitPattern
        let positive = bits &<< 1 == 0 ? 0 : bits
        unsafe values[index] = Float(bitPattern: value != value ? 0x7fc0_0000 : positive)
    }
}

/// Looks `indexes` up in `dictionary`; every index must have been checked with `greatest`.
@inline(__always)
func gather<Element: BitwiseCopyable>(
    _ dictionary: UnsafePointer<Element>, _ indexes: UnsafeBufferPointer<UInt32>,
    into target: UnsafeMutablePointer<Element>
) {
    for index in indexes.indices {
        unsafe target[index] = dictionary[Int(indexes[index])]
    }
}

/// The greatest of `indexes`, 0 when there are none.
func greatest(_ indexes: UnsafeBufferPointer<UInt32>) -> UInt32 {
    var greatest: UInt32 = 0
    for index in indexes.indices { greatest = unsafe max(greatest, indexes[index]) }
    return greatest
}

/// Moves the first `dense` of `values` to the places where `levels` is 1, writing `filler` to the
/// others. Works from the end, so that it needs no second buffer.
@inline(__always)
func spread<Element: BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Element>, dense: Int, levels: UnsafeBufferPointer<UInt8>,
    filler: Element
) {
    var source = dense
    for target in levels.indices.reversed() {
        if unsafe levels[target] == 1 {
            source &-= 1
            unsafe values[target] = values[source]
        } else {
            unsafe values[target] = filler
        }
    }
}

/// As `spread`, for the ends of byte strings: a null ends where the string before it ends.
func spreadEnds(
    _ ends: UnsafeMutablePointer<Int32>, dense: Int, levels: UnsafeBufferPointer<UInt8>,
    start: Int32
) {
    var source = dense
    for target in levels.indices.reversed() {
        unsafe ends[target] = source > 0 ? ends[source - 1] : start
        if unsafe levels[target] == 1 { source &-= 1 }
    }
}

/// How many of `levels` are `level`.
func countLevels(_ levels: UnsafeBufferPointer<UInt8>, equalTo level: UInt8) -> Int {
    var count = 0
    for index in levels.indices { unsafe count &+= levels[index] == level ? 1 : 0 }
    return count
}
