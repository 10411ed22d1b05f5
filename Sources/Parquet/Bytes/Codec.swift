import CLZ4
import CSnappy
import CZlib
import CZstd
import Columns

/// How pages are compressed, by the numbers of the format.
enum Codec: Int32 {
    case none = 0
    case snappy = 1
    case gzip = 2
    case zstd = 6
    case lz4 = 7

    /// The codec of number `number`, or an error that names it.
    init(number: Int32) throws(ParquetError) {
        guard let codec = Codec(rawValue: number) else {
            let names: [Int32: String] = [3: "LZO", 4: "BROTLI", 5: "LZ4 in frames"]
            let name = names[number] ?? "\(number)"
            throw .unsupported(
                "codec \(name) is not read; write the file with zstd, snappy, LZ4_RAW, gzip or none"
            )
        }
        self = codec
    }

    /// The greatest number of bytes that one compressed byte can stand for, rounded up.
    private var greatestRatio: Int {
        switch self {
        case .none: 1
        case .snappy: 64
        case .lz4: 256
        case .gzip: 1_100
        case .zstd: 65_536
        }
    }

    /// Decompresses `bytes` into exactly `size` bytes.
    ///
    /// A size that the compressed bytes cannot reach is refused before memory is asked for.
    func decompress(_ bytes: ByteRegion, to size: Int) throws(ParquetError) -> ByteRegion {
        if self == .none {
            guard bytes.count == size else {
                throw .corrupt("\(bytes.count) uncompressed bytes where \(size) are announced")
            }
            return bytes
        }
        if size == 0 { return try bytes.slice(from: 0, count: 0) }
        guard size / greatestRatio <= bytes.count, try canHold(size, bytes) else {
            throw .corrupt("\(bytes.count) \(self) bytes cannot decompress to \(size) bytes")
        }
        return try unsafe ByteRegion(count: size) { target throws(ParquetError) in
            let written = try unsafe bytes.withUnsafeBytes { source in
                unsafe decompress(source, into: target)
            }
            guard written == size else { throw .corrupt("broken \(self) data") }
        }
    }

    /// Whether the size that the compressed bytes themselves announce is `size`, if they do.
    private func canHold(_ size: Int, _ bytes: ByteRegion) throws(ParquetError) -> Bool {
        try unsafe bytes.withUnsafeBytes { source in
            switch self {
            case .snappy:
                var announced = 0
                let status = unsafe snappy_uncompressed_length(
                    source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count,
                    &announced)
                return status == SNAPPY_OK && announced == size
            case .zstd:
                let announced = unsafe ZSTD_getFrameContentSize(source.baseAddress, source.count)
                // All bits set means unknown, which streaming writers leave; one less is an error.
                return announced == UInt64.max || announced == UInt64(size)
            default: return true
            }
        }
    }

    private func decompress(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        switch self {
        case .none: return nil
        case .snappy:
            var written = target.count
            let status = unsafe snappy_uncompress(
                source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count,
                target.baseAddress?.assumingMemoryBound(to: CChar.self), &written)
            return status == SNAPPY_OK ? written : nil
        case .lz4: return unsafe decompressLZ4(source, into: target)
        case .gzip: return unsafe inflateAll(source, into: target)
        case .zstd:
            let written = unsafe ZSTD_decompress(
                target.baseAddress, target.count, source.baseAddress, source.count)
            return ZSTD_isError(written) == 0 ? written : nil
        }
    }
}

/// Decompresses one LZ4 block, the codec LZ4_RAW of the format; nil when it is broken.
private func decompressLZ4(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
) -> Int? {
    guard let size = Int32(exactly: source.count), let room = Int32(exactly: target.count) else {
        return nil
    }
    let written = unsafe LZ4_decompress_safe(
        source.baseAddress?.assumingMemoryBound(to: CChar.self),
        target.baseAddress?.assumingMemoryBound(to: CChar.self), size, room)
    return written >= 0 ? Int(written) : nil
}

/// Inflates gzip or zlib data; nil when it is broken or does not fit.
private func inflateAll(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
) -> Int? {
    guard source.count <= UInt32.max, target.count <= UInt32.max else { return nil }
    var stream = unsafe z_stream()
    // 15 bits of window, plus 32 to detect the header.
    guard
        unsafe inflateInit2_(
            &stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { unsafe inflateEnd(&stream) }
    unsafe stream.next_in = UnsafeMutablePointer(
        mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.avail_in = UInt32(source.count)
    unsafe stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.avail_out = UInt32(target.count)
    guard unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
    return target.count - Int(unsafe stream.avail_out)
}

/// The CRC-32 of `bytes`, as page headers hold it.
func checksum(of bytes: UnsafeRawBufferPointer) -> Int32 {
    let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    return Int32(bitPattern: UInt32(truncatingIfNeeded: unsafe crc32_z(0, start, bytes.count)))
}
