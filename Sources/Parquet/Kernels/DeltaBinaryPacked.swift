/// Decodes DELTA_BINARY_PACKED: blocks of miniblocks of bit-packed differences.
///
/// Layout: block size, miniblocks per block, count, first value (varints); then per block the
/// least difference, one width byte per miniblock, and the miniblocks that are needed. Sums wrap
/// around, as the format wants. Cost: one pass. Source: Parquet's Encodings.md.
struct DeltaBinaryPacked {
    private let bytes: ByteRegion
    /// Where the encoding ends in `bytes`, once it is decoded.
    private(set) var position = 0

    init(_ bytes: ByteRegion) {
        self.bytes = bytes
    }

    /// Decodes exactly `target.count` values.
    mutating func decode<Value: FixedWidthInteger & BitwiseCopyable>(
        into target: UnsafeMutableBufferPointer<Value>
    ) throws(ParquetError) {
        let blockSize = try varint()
        let miniblocks = try varint()
        let total = try varint()
        var last = try zigzag()
        guard total == UInt64(target.count) else {
            throw .corrupt("\(total) delta-encoded values where \(target.count) are expected")
        }
        guard miniblocks > 0, blockSize <= 1 << 20, miniblocks <= blockSize,
            blockSize % miniblocks == 0, (blockSize / miniblocks) % 8 == 0
        else { throw .corrupt("delta blocks of \(blockSize) values in \(miniblocks) parts") }
        guard target.count > 0 else { return }
        unsafe target[0] = Value(truncatingIfNeeded: last)
        var done = 1
        while done < target.count {
            let rest = unsafe UnsafeMutableBufferPointer(rebasing: target[done...])
            done += try unsafe decodeBlock(
                miniblocks: Int(miniblocks), size: Int(blockSize / miniblocks), from: &last,
                into: rest)
        }
    }

    /// Decodes up to one block; returns how many values it gave.
    private mutating func decodeBlock<Value: FixedWidthInteger & BitwiseCopyable>(
        miniblocks: Int, size: Int, from last: inout Int64,
        into target: UnsafeMutableBufferPointer<Value>
    ) throws(ParquetError) -> Int {
        let least = try zigzag()
        let widths = try bytes.slice(from: position, count: miniblocks)
        position += miniblocks
        let scratch = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
        defer { unsafe scratch.deallocate() }
        var done = 0
        for miniblock in 0..<miniblocks where done < target.count {
            let count = min(size, target.count - done)
            try unsafe unpack(
                width: Int(widths[miniblock]), count: count, size: size, into: scratch)
            for index in 0..<count {
                last = unsafe last &+ least &+ Int64(bitPattern: scratch[index])
                unsafe target[done + index] = Value(truncatingIfNeeded: last)
            }
            done += count
        }
        return done
    }

    private mutating func unpack(
        width: Int, count: Int, size: Int, into scratch: UnsafeMutablePointer<UInt64>
    ) throws(ParquetError) {
        guard width <= 64 else { throw .corrupt("delta-encoded values of \(width) bits") }
        let packed = try bytes.slice(from: position, count: (count * width + 7) / 8)
        try unsafe packed.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe unpackWideBits(start, width: width, count: count, into: scratch)
        }
        position = min(bytes.count, position + size * width / 8)
    }

    private mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.count else { throw .truncated("delta-encoded values are cut") }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw .corrupt("a delta of more than 64 bits")
    }

    private mutating func zigzag() throws(ParquetError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
