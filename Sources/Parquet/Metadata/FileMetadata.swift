/// The physical types of Parquet, by their numbers in the format.
enum PhysicalType: Int32 {
    case boolean = 0
    case int32, int64, int96, float, double, byteArray, fixedLengthByteArray
}

/// Whether a schema element stands exactly once, at most once or any number of times.
enum Repetition: Int32 {
    case required = 0
    case optional, repeated
}

/// The encodings of pages, by their numbers in the format.
enum Encoding: Int32 {
    case plain = 0
    case plainDictionary = 2
    case rle = 3
    case bitPacked = 4
    case deltaBinaryPacked = 5
    case deltaLengthByteArray = 6
    case deltaByteArray = 7
    case rleDictionary = 8
    case byteStreamSplit = 9
}

/// The fraction of a second that a stored time counts.
enum StoredTimeUnit: Int {
    case milliseconds = 1
    case microseconds, nanoseconds
}

/// The meaning of a leaf beyond its physical type.
enum LogicalType: Equatable {
    case string, map, list, enumeration, date, time, unknown, json, bson, uuid, float16
    case timestamp(isUTC: Bool, unit: StoredTimeUnit)
    case integer(bits: Int, isSigned: Bool)
    case decimal(precision: Int, scale: Int)
    case interval
    /// A type that came later than this reader, by its number.
    case other(Int)
}

/// One node of the schema tree, which the footer holds flattened in depth-first order.
struct SchemaElement {
    var name = ""
    var physical: PhysicalType?
    var typeLength = 0
    var repetition = Repetition.required
    var childCount = 0
    var logical: LogicalType?
}

/// Bounds of the values of a chunk in their stored form.
struct RawStatistics {
    var nullCount: Int?
    var minimum: [UInt8]?
    var maximum: [UInt8]?
    /// The bounds of old writers, which are right for signed numbers only.
    var deprecatedMinimum: [UInt8]?
    var deprecatedMaximum: [UInt8]?
}

/// Where the pages of one leaf of one row group lie.
struct ChunkMetadata {
    var physical = PhysicalType.boolean
    var encodings: [Int32] = []
    var path: [String] = []
    var codec: Int32 = 0
    var valueCount = 0
    var uncompressedSize = 0
    var compressedSize = 0
    var dataPageOffset = 0
    var dictionaryPageOffset: Int?
    var statistics = RawStatistics()

    /// Where the first page begins.
    var start: Int {
        guard let dictionaryPageOffset, dictionaryPageOffset > 0 else { return dataPageOffset }
        return min(dictionaryPageOffset, dataPageOffset)
    }
}

struct RowGroupMetadata {
    var chunks: [ChunkMetadata] = []
    var rowCount = 0
    var byteSize = 0
}

struct FileMetadata {
    var schema: [SchemaElement] = []
    var rowCount = 0
    var rowGroups: [RowGroupMetadata] = []
    var keyValues: [(key: String, value: String)] = []
    var createdBy = ""
}
