import CLZ4
import CSnappy
import CZstd

/// Compresses the pages of a chunk; its context is used again from page to page.
@safe
struct PageCompressor: ~Copyable {
    private let compression: ParquetWriterOptions.Compression
    private let context: OpaquePointer?

    init(_ compression: ParquetWriterOptions.Compression) throws(ParquetError) {
        self.compression = compression
        guard case .zstd = compression else {
            unsafe context = nil
            return
        }
        unsafe context = ZSTD_createCCtx()
        guard unsafe context != nil else { throw ParquetError(.io, "no memory for zstd") }
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    /// `bytes`, compressed.
    func compress(_ bytes: [UInt8]) throws(ParquetError) -> [UInt8] {
        let compressed: [UInt8]?
        switch compression {
        case .none: compressed = bytes
        case .snappy: compressed = snappy(bytes)
        case .lz4: compressed = lz4(bytes)
        case .zstd(let level): compressed = zstd(bytes, level)
        }
        guard let compressed else { throw ParquetError(.io, "a page cannot be compressed") }
        return compressed
    }

    private func zstd(_ bytes: [UInt8], _ level: Int32) -> [UInt8]? {
        let bound = ZSTD_compressBound(bytes.count)
        var isComplete = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, initialized in
            let size = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compressCCtx(
                    context, target.baseAddress, bound, source.baseAddress, source.count, level)
            }
            isComplete = ZSTD_isError(size) == 0
            initialized = isComplete ? size : 0
        }
        return isComplete ? result : nil
    }

    private func lz4(_ bytes: [UInt8]) -> [UInt8]? {
        guard let count = Int32(exactly: bytes.count) else { return nil }
        let bound = LZ4_compressBound(count)
        guard bound > 0 else { return nil }
        var size: Int32 = 0
        let result = unsafe [UInt8](
            unsafeUninitializedCapacity: Int(bound)
        ) { target, initialized in
            size = unsafe bytes.withUnsafeBytes { source in
                unsafe LZ4_compress_default(
                    source.baseAddress?.assumingMemoryBound(to: CChar.self),
                    UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(
                        to: CChar.self), count, bound)
            }
            initialized = Int(max(size, 0))
        }
        return size > 0 ? result : nil
    }

    private func snappy(_ bytes: [UInt8]) -> [UInt8]? {
        let bound = snappy_max_compressed_length(bytes.count)
        var isComplete = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, initialized in
            var size = bound
            let status = unsafe bytes.withUnsafeBytes { source in
                unsafe snappy_compress(
                    source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count,
                    UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(
                        to: CChar.self), &size)
            }
            isComplete = status == SNAPPY_OK
            initialized = isComplete ? size : 0
        }
        return isComplete ? result : nil
    }
}

extension ParquetWriterOptions.Compression {
    /// The codec of the pages.
    var codec: Codec {
        switch self {
        case .none: .none
        case .snappy: .snappy
        case .lz4: .lz4
        case .zstd: .zstd
        }
    }
}
