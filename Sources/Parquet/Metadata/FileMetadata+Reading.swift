extension FileMetadata {
    /// Reads a footer.
    init(reading bytes: ByteRegion) throws(ParquetError) {
        self.init()
        var reader = CompactReader(bytes)
        var metadata = FileMetadata()
        try reader.fields { reader, field throws(ParquetError) in
            try metadata.read(field, from: &reader)
        }
        self = metadata
    }

    private mutating func read(
        _ field: CompactField, from reader: inout CompactReader
    ) throws(ParquetError) {
        switch field.id {
        case 2:
            var elements: [SchemaElement] = []
            try reader.list(field) { reader, element throws(ParquetError) in
                elements.append(try SchemaElement(reading: element, from: &reader))
            }
            schema = elements
        case 3: rowCount = try reader.size(field)
        case 4:
            var groups: [RowGroupMetadata] = []
            try reader.list(field) { reader, element throws(ParquetError) in
                groups.append(try RowGroupMetadata(reading: element, from: &reader))
            }
            rowGroups = groups
        case 5: keyValues = try readKeyValues(field, from: &reader)
        case 6: createdBy = try reader.string(field)
        case 8: throw .unsupported("its footer is encrypted; write it without encryption")
        default: try reader.skip(field)
        }
    }
}

private func readKeyValues(
    _ field: CompactField, from reader: inout CompactReader
) throws(ParquetError) -> [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = []
    try reader.list(field) { reader, element throws(ParquetError) in
        var pair = (key: "", value: "")
        try reader.structure(element) { reader, field throws(ParquetError) in
            switch field.id {
            case 1: pair.key = try reader.string(field)
            // Other writers keep bytes here too, so that broken text is no reason to refuse.
            case 2: pair.value = String(decoding: try reader.binary(field).array, as: UTF8.self)
            default: try reader.skip(field)
            }
        }
        pairs.append(pair)
    }
    return pairs
}

extension SchemaElement {
    init(reading element: CompactField, from reader: inout CompactReader) throws(ParquetError) {
        var result = SchemaElement()
        var converted: LogicalType?
        var (precision, scale) = (0, 0)
        try reader.structure(element) { reader, field throws(ParquetError) in
            switch field.id {
            case 1: result.physical = try known(try reader.int32(field), "physical type")
            case 2: result.typeLength = try reader.size(field)
            case 3: result.repetition = try known(try reader.int32(field), "repetition")
            case 4: result.name = try reader.string(field)
            case 5: result.childCount = try reader.size(field)
            case 6: converted = LogicalType(converted: try reader.int32(field))
            case 7: scale = try reader.size(field)
            case 8: precision = try reader.size(field)
            case 10: result.logical = try LogicalType(reading: field, from: &reader)
            default: try reader.skip(field)
            }
        }
        if case .decimal = converted { converted = .decimal(precision: precision, scale: scale) }
        result.logical = result.logical ?? converted
        self = result
    }
}

private func known<Number: RawRepresentable<Int32>>(
    _ value: Int32, _ noun: String
) throws(ParquetError) -> Number {
    guard let number = Number(rawValue: value) else { throw .corrupt("unknown \(noun) \(value)") }
    return number
}

extension RowGroupMetadata {
    init(reading element: CompactField, from reader: inout CompactReader) throws(ParquetError) {
        var result = RowGroupMetadata()
        try reader.structure(element) { reader, field throws(ParquetError) in
            switch field.id {
            case 1:
                try reader.list(field) { reader, element throws(ParquetError) in
                    result.chunks.append(try ChunkMetadata(reading: element, from: &reader))
                }
            case 2: result.byteSize = try reader.size(field)
            case 3: result.rowCount = try reader.size(field)
            default: try reader.skip(field)
            }
        }
        self = result
    }
}

extension ChunkMetadata {
    /// Reads a `ColumnChunk`, whose interesting part is the `ColumnMetaData` inside it.
    init(reading element: CompactField, from reader: inout CompactReader) throws(ParquetError) {
        var result: ChunkMetadata?
        try reader.structure(element) { reader, field throws(ParquetError) in
            switch field.id {
            case 1: throw .unsupported("column chunks in other files are not read")
            case 3:
                var chunk = ChunkMetadata()
                try reader.structure(field) { reader, field throws(ParquetError) in
                    try chunk.read(field, from: &reader)
                }
                result = chunk
            default: try reader.skip(field)
            }
        }
        guard let result else { throw .corrupt("a column chunk has no metadata") }
        self = result
    }

    private mutating func read(
        _ field: CompactField, from reader: inout CompactReader
    ) throws(ParquetError) {
        switch field.id {
        case 1: physical = try known(try reader.int32(field), "physical type")
        case 4: codec = try reader.int32(field)
        case 5: valueCount = try reader.size(field)
        case 6: uncompressedSize = try reader.size(field)
        case 7: compressedSize = try reader.size(field)
        case 9: dataPageOffset = try reader.size(field)
        case 11: dictionaryPageOffset = try reader.size(field)
        case 12: statistics = try RawStatistics(reading: field, from: &reader)
        default: try reader.skip(field)
        }
    }
}

extension RawStatistics {
    init(reading element: CompactField, from reader: inout CompactReader) throws(ParquetError) {
        var result = RawStatistics()
        try reader.structure(element) { reader, field throws(ParquetError) in
            switch field.id {
            case 1: result.deprecatedMaximum = try reader.binary(field).array
            case 2: result.deprecatedMinimum = try reader.binary(field).array
            case 3: result.nullCount = try reader.size(field)
            case 5: result.maximum = try reader.binary(field).array
            case 6: result.minimum = try reader.binary(field).array
            default: try reader.skip(field)
            }
        }
        self = result
    }
}
