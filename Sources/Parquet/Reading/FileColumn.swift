import Values

/// How a top-level column's values are read, or why they are not.
struct FileColumn: Sendable {
    let name: String
    /// The number of the column's first leaf, which is the number of its chunk in a row group.
    let leafIndex: Int
    let content: Content

    enum Content: Sendable {
        case readable(ReadableColumn)
        case unsupported(reason: String)
    }
}

/// A column of scalars or of lists of scalars.
struct ReadableColumn: Sendable {
    let leaf: Leaf
    let shape: Shape

    enum Shape: Sendable {
        case scalar(isOptional: Bool)
        case list(ListLevels)
    }

    /// The type of the column as its readers see it.
    var type: DataType {
        switch shape {
        case .scalar: leaf.type
        case .list: .list(leaf.type)
        }
    }
}

/// What the definition levels of a list mean, from nothing to a value.
struct ListLevels: Sendable {
    /// The least level of a list that is not null; 0 when no list is.
    let list: UInt8
    /// The least level of an element, null or not; one more than that of an empty list.
    let element: UInt8
    /// The level of an element that is not null.
    let value: UInt8
}

/// A leaf of the schema tree: how values are stored and what they become.
struct Leaf: Sendable {
    let physical: PhysicalType
    let typeLength: Int
    let type: DataType
    let conversion: Conversion

    /// What happens to values after they are decoded.
    enum Conversion: Sendable, Equatable {
        case none
        /// From 32 unsigned bits to `int64`.
        case widenUnsigned
        /// 64 unsigned bits, refused beyond what `int64` holds.
        case checkUnsigned
        case milliseconds
        case nanoseconds
        /// From integers or big-endian bytes to 128 bits.
        case decimal(precision: Int)
    }

    /// Whether times were stored without a zone.
    let isWithoutZone: Bool
}

extension Leaf {
    /// The leaf of `element`, or the reason why it is not read.
    static func resolve(_ element: SchemaElement) -> Result<Leaf, UnreadableReason> {
        guard let physical = element.physical else {
            return .failure(UnreadableReason("it has no physical type"))
        }
        func leaf(
            _ type: DataType, _ conversion: Conversion = .none, isWithoutZone: Bool = false
        ) -> Result<Leaf, UnreadableReason> {
            .success(
                Leaf(
                    physical: physical, typeLength: element.typeLength, type: type,
                    conversion: conversion, isWithoutZone: isWithoutZone))
        }
        switch (physical, element.logical) {
        case (.boolean, nil): return leaf(.bool)
        case (.int32, nil), (.int32, .integer(8...32, isSigned: true)),
            (.int32, .integer(8...16, isSigned: false)):
            return leaf(.int32)
        case (.int32, .integer(32, isSigned: false)): return leaf(.int64, .widenUnsigned)
        case (.int32, .date): return leaf(.date)
        case (.int64, nil), (.int64, .integer(64, isSigned: true)): return leaf(.int64)
        case (.int64, .integer(64, isSigned: false)): return leaf(.int64, .checkUnsigned)
        case (.int64, .timestamp(let isUTC, let unit)):
            return leaf(.timestamp, unit.conversion, isWithoutZone: !isUTC)
        case (.int96, nil): return leaf(.timestamp, isWithoutZone: true)
        case (.float, nil): return leaf(.float)
        case (.double, nil): return leaf(.double)
        case (_, .decimal(let precision, let scale)):
            guard (1...Decimal128.greatestPrecision).contains(precision), scale <= precision,
                physical.holdsDecimals
            else {
                return .failure(
                    UnreadableReason("\(physical) as decimal(\(precision),\(scale)) is not read"))
            }
            return leaf(
                .decimal(precision: precision, scale: scale), .decimal(precision: precision))
        case (.byteArray, .string), (.byteArray, .enumeration), (.byteArray, .json):
            return leaf(.string)
        case (.byteArray, nil), (.byteArray, .bson), (.fixedLengthByteArray, nil),
            (.fixedLengthByteArray, .uuid):
            return leaf(.bytes)
        default:
            let meaning = element.logical.map { " as \($0)" } ?? ""
            return .failure(UnreadableReason("\(physical)\(meaning) is not read"))
        }
    }
}

extension StoredTimeUnit {
    fileprivate var conversion: Leaf.Conversion {
        switch self {
        case .milliseconds: .milliseconds
        case .microseconds: .none
        case .nanoseconds: .nanoseconds
        }
    }
}

extension PhysicalType {
    fileprivate var holdsDecimals: Bool {
        switch self {
        case .int32, .int64, .byteArray, .fixedLengthByteArray: true
        case .boolean, .int96, .float, .double: false
        }
    }
}

/// Why a column is not read.
struct UnreadableReason: Error {
    let text: String
    init(_ text: String) { self.text = text }
}
