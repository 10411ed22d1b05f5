extension LogicalType {
    /// The meaning that old writers spell as a `ConvertedType`; nil for the ones without a use.
    init?(converted number: Int32) {
        switch number {
        case 0: self = .string
        case 1, 2: self = .map
        case 3: self = .list
        case 4: self = .enumeration
        case 5: self = .decimal(precision: 0, scale: 0)
        case 6: self = .date
        case 7, 8: self = .time
        case 9: self = .timestamp(isUTC: true, unit: .milliseconds)
        case 10: self = .timestamp(isUTC: true, unit: .microseconds)
        case 11...14: self = .integer(bits: 8 << Int(number - 11), isSigned: false)
        case 15...18: self = .integer(bits: 8 << Int(number - 15), isSigned: true)
        case 19: self = .json
        case 20: self = .bson
        case 21: self = .interval
        default: return nil
        }
    }

    private static let plain: [Int: LogicalType] = [
        1: .string, 2: .map, 3: .list, 4: .enumeration, 6: .date, 7: .time,
        11: .unknown, 12: .json, 13: .bson, 14: .uuid, 15: .float16,
    ]

    /// Reads the `LogicalType` union; nil when it is empty.
    init?(reading element: CompactField, from reader: inout CompactReader) throws(ParquetError) {
        var result: LogicalType?
        try reader.structure(element) { reader, field throws(ParquetError) in
            switch field.id {
            case 5: result = try readDecimal(field, from: &reader)
            case 8: result = try readTimestamp(field, from: &reader)
            case 10: result = try readInteger(field, from: &reader)
            default:
                result = Self.plain[field.id] ?? .other(field.id)
                try reader.skip(field)
            }
        }
        guard let result else { return nil }
        self = result
    }
}

private func readTimestamp(
    _ element: CompactField, from reader: inout CompactReader
) throws(ParquetError) -> LogicalType {
    var isUTC = false
    var unit: StoredTimeUnit?
    try reader.structure(element) { reader, field throws(ParquetError) in
        switch field.id {
        case 1: isUTC = try reader.bool(field)
        case 2:
            try reader.structure(field) { reader, field throws(ParquetError) in
                unit = StoredTimeUnit(rawValue: field.id)
                try reader.skip(field)
            }
        default: try reader.skip(field)
        }
    }
    guard let unit else { throw .corrupt("a timestamp column has no unit") }
    return .timestamp(isUTC: isUTC, unit: unit)
}

private func readDecimal(
    _ element: CompactField, from reader: inout CompactReader
) throws(ParquetError) -> LogicalType {
    var (precision, scale) = (0, 0)
    try reader.structure(element) { reader, field throws(ParquetError) in
        switch field.id {
        case 1: scale = try reader.size(field)
        case 2: precision = try reader.size(field)
        default: try reader.skip(field)
        }
    }
    return .decimal(precision: precision, scale: scale)
}

private func readInteger(
    _ element: CompactField, from reader: inout CompactReader
) throws(ParquetError) -> LogicalType {
    var bits = 0
    var isSigned = true
    try reader.structure(element) { reader, field throws(ParquetError) in
        switch field.id {
        case 1: bits = try reader.size(field)
        case 2: isSigned = try reader.bool(field)
        default: try reader.skip(field)
        }
    }
    return .integer(bits: bits, isSigned: isSigned)
}
