import Columns
import Values

/// Reads one column of one row group.
struct ChunkReader {
    let file: InputFile
    /// Where the pages of the file end and its footer begins.
    let dataEnd: Int
    let chunk: ChunkMetadata
    let column: ReadableColumn
    let rowCount: Int

    /// The most rows that a row group may have, so that a few bytes cannot ask for all memory.
    static func rowLimit(fileSize: Int) -> Int {
        max(1 << 24, min(fileSize, 1 << 40) << 10)
    }

    /// The decoded column.
    func read() throws(ParquetError) -> Column {
        try checkMetadata()
        let capacity = min(chunk.valueCount, 1 << 20)
        switch column.leaf.physical {
        case .boolean: return try read(into: FixedSink<UInt8>(layout: .bits, capacity: capacity))
        case .int32: return try read(into: FixedSink<Int32>(capacity: capacity))
        case .int64: return try read(into: FixedSink<Int64>(capacity: capacity))
        case .int96: return try read(into: FixedSink<Int64>(layout: .int96, capacity: capacity))
        case .float: return try read(into: FixedSink<Float>(capacity: capacity))
        case .double: return try read(into: FixedSink<Double>(capacity: capacity))
        case .byteArray: return try read(into: bytesSink(fixedLength: nil, capacity))
        case .fixedLengthByteArray:
            return try read(into: bytesSink(fixedLength: column.leaf.typeLength, capacity))
        }
    }

    private func bytesSink(fixedLength: Int?, _ capacity: Int) -> BytesSink {
        BytesSink(
            fixedLength: fixedLength, isText: column.leaf.type == .string, capacity: capacity,
            limit: max(1 << 28, min(file.size, 1 << 40) << 10))
    }

    private func checkMetadata() throws(ParquetError) {
        guard chunk.physical == column.leaf.physical else {
            throw .corrupt("a chunk of \(chunk.physical) in a column of \(column.leaf.physical)")
        }
        let limit = Self.rowLimit(fileSize: file.size)
        guard chunk.valueCount <= limit, rowCount <= limit else {
            throw .unsupported(
                "\(max(rowCount, chunk.valueCount)) values in one row group are more than the "
                    + "\(limit) that a file of its size may have; write smaller row groups")
        }
        if case .scalar = column.shape, chunk.valueCount != rowCount {
            throw .corrupt("\(chunk.valueCount) values in \(rowCount) rows")
        }
        guard chunk.start <= dataEnd, chunk.compressedSize <= dataEnd - chunk.start else {
            throw .truncated(
                "its \(chunk.compressedSize) bytes at \(chunk.start) lie outside the file's data")
        }
    }

    private func read<Sink: ValueSink & ~Copyable>(
        into sink: consuming Sink
    ) throws(ParquetError) -> Column {
        var sink = sink
        var assembler = RowAssembler(shape: column.shape)
        if chunk.valueCount > 0 { try readPages(into: &sink, &assembler) }
        guard assembler.rowCount == rowCount else {
            throw .corrupt("\(assembler.rowCount) rows where \(rowCount) are announced")
        }
        let storage = try column.leaf.conversion.apply(to: sink.finish())
        return assembler.finish(storage, of: column)
    }

    private func readPages<Sink: ValueSink & ~Copyable>(
        into sink: inout Sink, _ assembler: inout RowAssembler
    ) throws(ParquetError) {
        let bytes = try file.read(at: chunk.start, count: chunk.compressedSize)
        var pages = ChunkPages(
            bytes, codec: try Codec(number: chunk.codec), hasRepetition: column.hasRepetition,
            hasDefinition: column.hasDefinition)
        var left = chunk.valueCount
        while left > 0 {
            do throws(ParquetError) {
                let page = try pages.next()
                try append(page, left: &left, to: &sink, &assembler)
            } catch {
                throw error.inside("page at byte \(chunk.start + pages.pageStart)")
            }
        }
    }

    private func append<Sink: ValueSink & ~Copyable>(
        _ page: ChunkPages.Page, left: inout Int, to sink: inout Sink,
        _ assembler: inout RowAssembler
    ) throws(ParquetError) {
        let count = page.header.valueCount
        guard page.header.kind != .dictionary else {
            guard count <= Self.rowLimit(fileSize: file.size) else {
                throw .corrupt("a dictionary of \(count) values")
            }
            return try sink.setDictionary(page.values, count: count)
        }
        guard count <= left else {
            throw .corrupt("\(count) values in a page where \(left) are left in the chunk")
        }
        guard let encoding = Encoding(rawValue: page.header.encoding) else {
            throw .unsupported("encoding \(page.header.encoding) is not read")
        }
        try assembler.append(page, encoding, to: &sink)
        left -= count
    }
}

extension ReadableColumn {
    /// Whether its pages have repetition levels.
    var hasRepetition: Bool {
        if case .list = shape { true } else { false }
    }

    /// Whether its pages have definition levels.
    var hasDefinition: Bool {
        switch shape {
        case .scalar(let isOptional): isOptional
        case .list: true
        }
    }
}
