/// What stands before the bytes of a page.
struct PageHeader {
    enum Kind: Int32 {
        case data = 0
        case index, dictionary, dataV2
    }

    var kind = Kind.data
    var uncompressedSize = 0
    var compressedSize = 0
    var checksum: Int32?
    var valueCount = 0
    var encoding: Int32 = 0
    var definitionEncoding = Encoding.rle.rawValue
    var repetitionEncoding = Encoding.rle.rawValue
    /// Version 2 only: the sizes of the levels, which are never compressed.
    var definitionSize = 0
    var repetitionSize = 0
    var isCompressed = true
    /// Version 2 only, and only written: nulls and rows.
    var nullCount = 0
    var rowCount = 0
}

extension PageHeader {
    /// Reads a header, leaving `reader` at the first byte of the page.
    init(from reader: inout CompactReader) throws(ParquetError) {
        var header = PageHeader()
        var hasBody = false
        try reader.fields { reader, field throws(ParquetError) in
            switch field.id {
            case 1:
                let number = try reader.int32(field)
                guard let kind = Kind(rawValue: number) else {
                    throw .corrupt("unknown page type \(number)")
                }
                header.kind = kind
            case 2: header.uncompressedSize = try reader.size(field)
            case 3: header.compressedSize = try reader.size(field)
            case 4: header.checksum = try reader.int32(field)
            case 5, 7, 8:
                hasBody = true
                try header.readBody(field, from: &reader)
            default: try reader.skip(field)
            }
        }
        guard hasBody || header.kind == .index else {
            throw .corrupt("a page header is incomplete")
        }
        self = header
    }

    private mutating func readBody(
        _ field: CompactField, from reader: inout CompactReader
    ) throws(ParquetError) {
        let isV2 = field.id == 8
        var header = self
        try reader.structure(field) { reader, field throws(ParquetError) in
            switch (field.id, isV2) {
            case (1, _): header.valueCount = try reader.size(field)
            case (2, false), (4, true): header.encoding = try reader.int32(field)
            case (3, false) where field.type > 2:
                header.definitionEncoding = try reader.int32(field)
            case (4, false): header.repetitionEncoding = try reader.int32(field)
            case (2, true): header.nullCount = try reader.size(field)
            case (3, true): header.rowCount = try reader.size(field)
            case (5, true): header.definitionSize = try reader.size(field)
            case (6, true): header.repetitionSize = try reader.size(field)
            case (7, true): header.isCompressed = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = header
    }
}

extension PageHeader {
    /// The header as bytes.
    func encoded() -> [UInt8] {
        var writer = CompactWriter()
        writer.element { writer in
            writer.int32(1, kind.rawValue)
            writer.int32(2, Int32(uncompressedSize))
            writer.int32(3, Int32(compressedSize))
            if let checksum { writer.int32(4, checksum) }
            switch kind {
            case .data: writer.structure(5) { writer in encodeDataPage(&writer) }
            case .dictionary: writer.structure(7) { writer in encodeDictionaryPage(&writer) }
            case .dataV2: writer.structure(8) { writer in encodeDataPageV2(&writer) }
            case .index: break
            }
        }
        return writer.bytes
    }

    private func encodeDataPage(_ writer: inout CompactWriter) {
        writer.int32(1, Int32(valueCount))
        writer.int32(2, encoding)
        writer.int32(3, definitionEncoding)
        writer.int32(4, repetitionEncoding)
    }

    private func encodeDictionaryPage(_ writer: inout CompactWriter) {
        writer.int32(1, Int32(valueCount))
        writer.int32(2, encoding)
    }

    private func encodeDataPageV2(_ writer: inout CompactWriter) {
        writer.int32(1, Int32(valueCount))
        writer.int32(2, Int32(nullCount))
        writer.int32(3, Int32(rowCount))
        writer.int32(4, encoding)
        writer.int32(5, Int32(definitionSize))
        writer.int32(6, Int32(repetitionSize))
        writer.bool(7, isCompressed)
    }
}
