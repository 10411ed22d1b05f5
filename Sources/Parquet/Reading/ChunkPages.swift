/// The pages of one column chunk, one after the other, decompressed and checked.
struct ChunkPages {
    /// A page with its levels apart from its values.
    struct Page {
        var header: PageHeader
        /// The levels as runs, nil when the page has none.
        var repetition: ByteRegion?
        var definition: ByteRegion?
        var values: ByteRegion
    }

    private let bytes: ByteRegion
    private let codec: Codec
    private let hasRepetition: Bool
    private let hasDefinition: Bool
    private var position = 0
    /// Where the page that was read last begins in the chunk.
    private(set) var pageStart = 0

    init(_ bytes: ByteRegion, codec: Codec, hasRepetition: Bool, hasDefinition: Bool) {
        self.bytes = bytes
        self.codec = codec
        self.hasRepetition = hasRepetition
        self.hasDefinition = hasDefinition
    }

    /// The next page that is not an index page.
    mutating func next() throws(ParquetError) -> Page {
        while true {
            pageStart = position
            var reader = CompactReader(try bytes.suffix(from: position))
            let header = try PageHeader(from: &reader)
            let start = position + reader.position
            let body = try bytes.slice(from: start, count: header.compressedSize)
            position = start + header.compressedSize
            try check(body, against: header.checksum)
            switch header.kind {
            case .index: continue
            case .data: return try splitVersion1(header, body)
            case .dataV2: return try splitVersion2(header, body)
            case .dictionary:
                let values = try codec.decompress(body, to: header.uncompressedSize)
                return Page(header: header, values: values)
            }
        }
    }

    private func check(_ body: ByteRegion, against expected: Int32?) throws(ParquetError) {
        guard let expected else { return }
        let actual = try unsafe body.withUnsafeBytes { unsafe checksum(of: $0) }
        guard actual == expected else { throw .corrupt("the checksum of a page is wrong") }
    }

    private func splitVersion1(
        _ header: PageHeader, _ body: ByteRegion
    ) throws(ParquetError) -> Page {
        var rest = try codec.decompress(body, to: header.uncompressedSize)
        var page = Page(header: header, values: rest)
        if hasRepetition {
            page.repetition = try cutLevels(from: &rest, header.repetitionEncoding)
        }
        if hasDefinition {
            page.definition = try cutLevels(from: &rest, header.definitionEncoding)
        }
        page.values = rest
        return page
    }

    /// Levels of version 1: their size in 4 bytes, then the runs.
    private func cutLevels(
        from rest: inout ByteRegion, _ encoding: Int32
    ) throws(ParquetError) -> ByteRegion {
        guard encoding == Encoding.rle.rawValue else {
            throw .unsupported("levels in encoding \(encoding) are not read; only RLE is")
        }
        let size = Int(try rest.unsigned32(at: 0))
        let levels = try rest.slice(from: 4, count: size)
        rest = try rest.suffix(from: 4 + size)
        return levels
    }

    private func splitVersion2(
        _ header: PageHeader, _ body: ByteRegion
    ) throws(ParquetError) -> Page {
        let repetition = try body.slice(from: 0, count: header.repetitionSize)
        let definition = try body.slice(
            from: header.repetitionSize, count: header.definitionSize)
        let levelSize = header.repetitionSize + header.definitionSize
        guard levelSize <= header.uncompressedSize else {
            throw .corrupt("a page of \(header.uncompressedSize) bytes has \(levelSize) of levels")
        }
        let compressed = try body.suffix(from: levelSize)
        let codec = header.isCompressed ? codec : .none
        let values = try codec.decompress(compressed, to: header.uncompressedSize - levelSize)
        return Page(
            header: header, repetition: hasRepetition ? repetition : nil,
            definition: hasDefinition ? definition : nil, values: values)
    }
}
