/// The runs of Parquet's RLE / bit-packing hybrid, which holds levels and dictionary indexes.
///
/// A run is a varint header and its content: an even header repeats one value, an odd one packs
/// groups of 8 values. Every run takes at least a byte, so reading ends with the bytes.
@safe struct HybridRuns {
    enum Run {
        case repeated(value: UInt32, count: Int)
        /// The values begin at byte `offset`.
        case packed(offset: Int, count: Int)
    }

    private let bytes: UnsafeRawBufferPointer
    private let width: Int
    private var position = 0

    /// `width` is at most 32.
    init(_ bytes: UnsafeRawBufferPointer, width: Int) {
        precondition(width >= 0 && width <= 32)
        unsafe self.bytes = unsafe bytes
        self.width = width
    }

    /// The next run, cut to `limit` values.
    mutating func next(limit: Int) throws(ParquetError) -> Run {
        let header = try header()
        let length = Int(header >> 1)
        if header & 1 == 0 {
            return .repeated(value: try repeatedValue(), count: min(length, limit))
        }
        let count = min(length * 8, limit)
        let needed = (count * width + 7) / 8
        let offset = position
        guard unsafe needed <= bytes.count - offset else {
            throw .truncated("a run of \(count) values of \(width) bits ends too early")
        }
        position = min(unsafe bytes.count, offset + length * width)
        return .packed(offset: offset, count: count)
    }

    private mutating func header() throws(ParquetError) -> UInt32 {
        var value: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 35, by: 7) {
            guard unsafe position < bytes.count else {
                throw .truncated("levels or dictionary indexes end too early")
            }
            let byte = unsafe bytes[position]
            position += 1
            value |= UInt32(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw .corrupt("a run length of more than 32 bits")
    }

    private mutating func repeatedValue() throws(ParquetError) -> UInt32 {
        let size = (width + 7) / 8
        guard unsafe size <= bytes.count - position else { throw .truncated("a run has no value") }
        var value: UInt32 = 0
        for index in 0..<size {
            unsafe value |= UInt32(bytes[position + index]) << UInt32(index * 8)
        }
        position += size
        guard UInt64(value) >> UInt64(width) == 0 else {
            throw .corrupt("the value \(value) in a run of \(width) bits")
        }
        return value
    }
}

/// Decodes `target.count` values of `width` bits.
func decodeHybrid<Value: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, width: Int, into target: UnsafeMutableBufferPointer<Value>
) throws(ParquetError) {
    guard let start = target.baseAddress, let source = bytes.baseAddress else {
        guard target.isEmpty else { throw .truncated("levels are missing") }
        return
    }
    var runs = unsafe HybridRuns(bytes, width: width)
    var done = 0
    while done < target.count {
        switch try runs.next(limit: target.count - done) {
        case .repeated(let value, let count):
            let repeated = Value(truncatingIfNeeded: value)
            unsafe (start + done).update(repeating: repeated, count: count)
            done += count
        case .packed(let offset, let count):
            unsafe unpackBits(source + offset, width: width, count: count, into: start + done)
            done += count
        }
    }
}

/// The level that all `count` values have, when one run says so at once; else nil.
func uniformLevel(
    _ bytes: UnsafeRawBufferPointer, width: Int, count: Int
) throws(ParquetError) -> UInt8? {
    var runs = unsafe HybridRuns(bytes, width: width)
    guard case .repeated(let value, count) = try runs.next(limit: count) else { return nil }
    return UInt8(truncatingIfNeeded: value)
}
