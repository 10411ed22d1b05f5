import Columns
import Values

/// The pages of a column chunk and their description, whose offsets count from its start.
struct EncodedChunk: Sendable {
    var bytes: [UInt8] = []
    var metadata = ChunkMetadata()
}

/// Encodes one column of one row group.
func encodeChunk(
    _ column: Column, of leaf: WrittenLeaf, options: ParquetWriterOptions
) throws(ParquetError) -> EncodedChunk {
    let leveled = LeveledColumn(column)
    let dictionary = options.usesDictionary ? ChunkDictionary(leveled.values) : nil
    var encoder = try ChunkEncoder(leveled, dictionary, options)
    if let dictionary { try encoder.appendDictionaryPage(dictionary.values) }
    encoder.chunk.metadata.dataPageOffset = encoder.chunk.bytes.count
    for page in leveled.pages(limit: options.pageBytes) { try encoder.appendDataPage(page) }
    var chunk = encoder.finish()
    chunk.metadata.physical = leaf.physical
    chunk.metadata.codec = options.compression.codec.rawValue
    chunk.metadata.valueCount = leveled.count
    chunk.metadata.compressedSize = chunk.bytes.count
    // The distinct values have the bounds of all.
    chunk.metadata.statistics = RawStatistics(of: dictionary?.values ?? leveled.values)
    chunk.metadata.statistics.nullCount = leveled.missingCount
    let encodings: [Encoding] =
        dictionary == nil ? [.plain, .rle] : [.plain, .rle, .rleDictionary]
    chunk.metadata.encodings = encodings.map(\.rawValue)
    return chunk
}

private struct ChunkEncoder: ~Copyable {
    var chunk = EncodedChunk()
    private let leveled: LeveledColumn
    private let indexes: FixedValues<UInt32>?
    private let indexWidth: Int
    private let options: ParquetWriterOptions
    private let compressor: PageCompressor

    init(
        _ leveled: LeveledColumn, _ dictionary: ChunkDictionary?, _ options: ParquetWriterOptions
    ) throws(ParquetError) {
        self.leveled = leveled
        self.options = options
        indexes = dictionary?.indexes
        let greatest = UInt32((dictionary?.values.count ?? 1) - 1)
        // Not every reader expects indexes of no bits.
        indexWidth = max(1, 32 - greatest.leadingZeroBitCount)
        compressor = try PageCompressor(options.compression)
    }

    consuming func finish() -> EncodedChunk { chunk }

    mutating func appendDictionaryPage(_ values: Column) throws(ParquetError) {
        var plain: [UInt8] = []
        appendPlain(values, 0..<values.count, to: &plain)
        var header = PageHeader()
        header.kind = .dictionary
        header.valueCount = values.count
        header.encoding = Encoding.plain.rawValue
        chunk.metadata.dictionaryPageOffset = 0
        try append(header, prefix: [], plain)
    }

    mutating func appendDataPage(_ page: PageRange) throws(ParquetError) {
        var header = PageHeader()
        header.valueCount = page.levels.count
        header.encoding = (indexes == nil ? Encoding.plain : .rleDictionary).rawValue
        header.rowCount = page.rowCount
        header.nullCount = page.levels.count - page.values.count
        let levels = encodeLevels(page, &header)
        var values: [UInt8] = []
        if let indexes {
            values.append(UInt8(indexWidth))
            unsafe indexes.withUnsafeBufferPointer { indexes in
                unsafe encodeHybrid(
                    UnsafeBufferPointer(rebasing: indexes[page.values]), width: indexWidth,
                    into: &values)
            }
        } else {
            appendPlain(leveled.values, page.values, to: &values)
        }
        switch options.pageVersion {
        case .v1: try append(header, prefix: [], levels + values)
        case .v2:
            header.kind = .dataV2
            header.isCompressed = options.compression != .none
            try append(header, prefix: levels, values)
        }
    }

    /// The levels of a page: repetitions, then definitions; version 1 puts their sizes before them.
    private func encodeLevels(_ page: PageRange, _ header: inout PageHeader) -> [UInt8] {
        var bytes: [UInt8] = []
        if let repetitions = leveled.repetitions {
            let runs = encodeRuns(repetitions, page.levels, greatest: 1)
            header.repetitionSize = runs.count
            if options.pageVersion == .v1 { bytes += littleEndian(UInt32(runs.count)) }
            bytes += runs
        }
        let runs = encodeRuns(
            leveled.definitions, page.levels, greatest: leveled.greatestDefinition)
        header.definitionSize = runs.count
        if options.pageVersion == .v1 { bytes += littleEndian(UInt32(runs.count)) }
        return bytes + runs
    }

    private func encodeRuns(
        _ levels: FixedValues<UInt8>?, _ range: Range<Int>, greatest: UInt8
    ) -> [UInt8] {
        let levels = levels ?? uniformLevels(greatest, range.count)
        let range = levels.count == range.count ? 0..<range.count : range
        let width = 8 - greatest.leadingZeroBitCount
        var bytes: [UInt8] = []
        unsafe levels.withUnsafeBufferPointer { levels in
            unsafe encodeHybrid(
                UnsafeBufferPointer(rebasing: levels[range]), width: width, into: &bytes)
        }
        return bytes
    }

    private func uniformLevels(_ level: UInt8, _ count: Int) -> FixedValues<UInt8> {
        var levels = GrowingValues<UInt8>(capacity: count)
        unsafe levels.tail(count).update(repeating: level, count: count)
        levels.commit(count)
        return levels.finish()
    }

    /// Appends a page: its header, `prefix` as it is and `body` compressed.
    private mutating func append(
        _ header: PageHeader, prefix: [UInt8], _ body: [UInt8]
    ) throws(ParquetError) {
        var header = header
        let page = prefix + (try compressor.compress(body))
        guard page.count <= Int32.max, prefix.count + body.count <= Int32.max else {
            throw .unsupported("a page of more than 2 GiB; write shorter values or smaller pages")
        }
        header.compressedSize = page.count
        header.uncompressedSize = prefix.count + body.count
        header.checksum = unsafe page.withUnsafeBytes { unsafe checksum(of: $0) }
        let encoded = header.encoded()
        chunk.bytes += encoded
        chunk.bytes += page
        chunk.metadata.uncompressedSize += encoded.count + header.uncompressedSize
    }
}
