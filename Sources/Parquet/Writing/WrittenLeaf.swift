import Values

/// How a column is stored.
struct WrittenLeaf: Sendable {
    let name: String
    let type: DataType
    /// The type of the leaf: of the elements for a list.
    let scalar: DataType
    let physical: PhysicalType

    init(_ field: Field) throws(ParquetError) {
        name = field.name
        type = field.type
        scalar = field.type.element ?? field.type
        switch scalar {
        case .bool: physical = .boolean
        case .int32, .date: physical = .int32
        case .int64, .timestamp: physical = .int64
        case .float: physical = .float
        case .double: physical = .double
        case .string, .bytes: physical = .byteArray
        case .decimal(let precision, _): physical = PhysicalType(ofDecimalsWith: precision)
        case .null, .duration, .list, .vector:
            throw .unsupported(
                "column '\(field.name)' has the type \(field.type), which no file has")
        }
    }

    var isList: Bool { scalar != type }

    var path: [String] { isList ? [name, "list", "element"] : [name] }
}

extension WrittenLeaf {
    /// The nodes of the column in the schema tree.
    func encode(into writer: inout CompactWriter) {
        if isList {
            writer.element { writer in
                writer.int32(3, Repetition.optional.rawValue)
                writer.string(4, name)
                writer.int32(5, 1)
                writer.int32(6, 3)
                writer.structure(10) { $0.structure(3) { _ in } }
            }
            writer.element { writer in
                writer.int32(3, Repetition.repeated.rawValue)
                writer.string(4, "list")
                writer.int32(5, 1)
            }
        }
        writer.element { writer in
            writer.int32(1, physical.rawValue)
            if physical == .fixedLengthByteArray { writer.int32(2, Int32(wideDecimalLength)) }
            writer.int32(3, Repetition.optional.rawValue)
            writer.string(4, isList ? "element" : name)
            encodeMeaning(into: &writer)
        }
    }

    private func encodeMeaning(into writer: inout CompactWriter) {
        switch scalar {
        case .string:
            writer.int32(6, 0)
            writer.structure(10) { $0.structure(1) { _ in } }
        case .date:
            writer.int32(6, 6)
            writer.structure(10) { $0.structure(6) { _ in } }
        case .timestamp:
            writer.int32(6, 10)
            writer.structure(10) { writer in
                writer.structure(8) { writer in
                    writer.bool(1, true)
                    writer.structure(2) { $0.structure(2) { _ in } }
                }
            }
        case .decimal(let precision, let scale):
            writer.int32(6, 5)
            writer.int32(7, Int32(scale))
            writer.int32(8, Int32(precision))
            writer.structure(10) { writer in
                writer.structure(5) { writer in
                    writer.int32(1, Int32(scale))
                    writer.int32(2, Int32(precision))
                }
            }
        default: break
        }
    }

    /// How many nodes `encode` writes.
    var nodeCount: Int { isList ? 3 : 1 }
}

extension FileMetadata {
    /// The footer as bytes.
    func encoded(leaves: [WrittenLeaf]) -> [UInt8] {
        var writer = CompactWriter()
        writer.element { writer in
            writer.int32(1, 2)
            writer.nodes(2, count: 1 + leaves.reduce(0) { $0 + $1.nodeCount }) { writer in
                writer.element { writer in
                    writer.string(4, "schema")
                    writer.int32(5, Int32(leaves.count))
                }
                for leaf in leaves { leaf.encode(into: &writer) }
            }
            writer.int64(3, Int64(rowCount))
            writer.structures(4, Array(rowGroups.enumerated())) { writer, group in
                group.element.encode(into: &writer, ordinal: group.offset, leaves: leaves)
            }
            if !keyValues.isEmpty {
                writer.structures(5, keyValues) { writer, pair in
                    writer.string(1, pair.key)
                    writer.string(2, pair.value)
                }
            }
            writer.string(6, createdBy)
            // The order of each column's type, without which readers distrust the bounds.
            writer.structures(7, leaves) { writer, _ in writer.structure(1) { _ in } }
        }
        return writer.bytes
    }
}

extension RowGroupMetadata {
    fileprivate func encode(
        into writer: inout CompactWriter, ordinal: Int, leaves: [WrittenLeaf]
    ) {
        writer.structures(1, Array(zip(chunks, leaves))) { writer, pair in
            writer.int64(2, 0)
            writer.structure(3) { writer in pair.0.encode(into: &writer, path: pair.1.path) }
        }
        writer.int64(2, Int64(byteSize))
        writer.int64(3, Int64(rowCount))
        writer.int64(5, Int64(chunks.first?.start ?? 0))
        writer.int64(6, Int64(chunks.reduce(0) { $0 + $1.compressedSize }))
        if let ordinal = Int16(exactly: ordinal) { writer.int16(7, ordinal) }
    }
}

extension ChunkMetadata {
    fileprivate func encode(into writer: inout CompactWriter, path: [String]) {
        writer.int32(1, physical.rawValue)
        writer.int32s(2, encodings)
        writer.strings(3, path)
        writer.int32(4, codec)
        writer.int64(5, Int64(valueCount))
        writer.int64(6, Int64(uncompressedSize))
        writer.int64(7, Int64(compressedSize))
        writer.int64(9, Int64(dataPageOffset))
        if let dictionaryPageOffset { writer.int64(11, Int64(dictionaryPageOffset)) }
        writer.structure(12) { writer in
            if let nullCount = statistics.nullCount { writer.int64(3, Int64(nullCount)) }
            if let maximum = statistics.maximum { writer.binary(5, maximum) }
            if let minimum = statistics.minimum { writer.binary(6, minimum) }
        }
    }
}
