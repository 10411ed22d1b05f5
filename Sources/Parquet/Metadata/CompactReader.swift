/// A header of a Thrift compact field: its number and the type of what follows.
struct CompactField {
    let id: Int
    let type: UInt8
}

/// Reads Thrift's compact protocol from bytes that nobody trusts.
///
/// Every read is bounded by the region, lists by the bytes that are left, nesting by a constant;
/// so it takes time linear in the input and allocates no more than the input is long.
struct CompactReader {
    private let bytes: ByteRegion
    private(set) var position = 0
    private var depth = 0

    init(_ bytes: ByteRegion) {
        self.bytes = bytes
    }

    /// Reads a struct, calling `body` once per field; it must read or skip the field's value.
    mutating func fields(
        _ body: (inout CompactReader, CompactField) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        depth += 1
        guard depth <= 32 else { throw .corrupt("metadata is nested more than 32 levels deep") }
        var id = 0
        while true {
            let header = try byte()
            if header == 0 { break }
            let delta = Int(header >> 4)
            id = delta == 0 ? Int(truncatingIfNeeded: try zigzag()) : id &+ delta
            try body(&self, CompactField(id: id, type: header & 15))
        }
        depth -= 1
    }

    /// Reads a list, calling `body` once per element; it must read or skip the element.
    mutating func list(
        _ field: CompactField,
        _ body: (inout CompactReader, CompactField) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard field.type == 9 || field.type == 10 else { throw unexpected(field, "a list") }
        let header = try byte()
        let size = header >> 4 == 15 ? try varint() : UInt64(header >> 4)
        guard size <= UInt64(bytes.count - position) else {
            throw .corrupt(
                "a list of \(size) elements where \(bytes.count - position) bytes are left")
        }
        for _ in 0..<size { try body(&self, CompactField(id: 0, type: header & 15)) }
    }

    mutating func structure(
        _ field: CompactField,
        _ body: (inout CompactReader, CompactField) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        guard field.type == 12 else { throw unexpected(field, "a struct") }
        try fields(body)
    }

    mutating func integer(_ field: CompactField) throws(ParquetError) -> Int64 {
        switch field.type {
        case 3: Int64(Int8(bitPattern: try byte()))
        case 4, 5, 6: try zigzag()
        default: throw unexpected(field, "an integer")
        }
    }

    mutating func int32(_ field: CompactField) throws(ParquetError) -> Int32 {
        let value = try integer(field)
        guard let narrow = Int32(exactly: value) else {
            throw .corrupt("\(value) stands where a 32-bit integer is expected")
        }
        return narrow
    }

    /// A size, a count or an offset: an integer that is not negative.
    mutating func size(_ field: CompactField) throws(ParquetError) -> Int {
        let value = try integer(field)
        guard value >= 0 else { throw .corrupt("\(value) stands where a size is expected") }
        return Int(value)
    }

    mutating func bool(_ field: CompactField) throws(ParquetError) -> Bool {
        switch field.type {
        case 1: true
        case 2: false
        default: throw unexpected(field, "a boolean")
        }
    }

    mutating func binary(_ field: CompactField) throws(ParquetError) -> ByteRegion {
        guard field.type == 8 else { throw unexpected(field, "a string") }
        let size = try varint()
        guard size <= UInt64(bytes.count - position) else {
            throw .truncated("a string of \(size) bytes where \(bytes.count - position) are left")
        }
        let region = try bytes.slice(from: position, count: Int(size))
        position += Int(size)
        return region
    }

    mutating func string(_ field: CompactField) throws(ParquetError) -> String {
        guard let text = String(validating: try binary(field).array, as: UTF8.self) else {
            throw .corrupt("a name in the metadata is not UTF-8")
        }
        return text
    }

    /// Passes over the value of a field that nobody needs.
    mutating func skip(_ field: CompactField) throws(ParquetError) {
        switch field.type {
        case 1, 2: break
        case 3: _ = try byte()
        case 4, 5, 6: _ = try varint()
        case 7: for _ in 0..<8 { _ = try byte() }
        case 8: _ = try binary(field)
        case 9, 10:
            try list(field) { reader, element throws(ParquetError) in
                try reader.skipElement(element)
            }
        case 11: try skipMap()
        case 12: try fields { reader, inner throws(ParquetError) in try reader.skip(inner) }
        default: throw .corrupt("unknown metadata type \(field.type)")
        }
    }

    private mutating func skipElement(_ element: CompactField) throws(ParquetError) {
        guard depth < 32 else { throw .corrupt("metadata is nested more than 32 levels deep") }
        depth += 1
        // A boolean is a byte of its own inside a list, where elsewhere its type is its value.
        if element.type == 1 || element.type == 2 { _ = try byte() } else { try skip(element) }
        depth -= 1
    }

    private mutating func skipMap() throws(ParquetError) {
        let size = try varint()
        if size == 0 { return }
        guard size <= UInt64(bytes.count - position) else {
            throw .corrupt(
                "a map of \(size) entries where \(bytes.count - position) bytes are left")
        }
        let types = try byte()
        for _ in 0..<size {
            try skipElement(CompactField(id: 0, type: types >> 4))
            try skipElement(CompactField(id: 0, type: types & 15))
        }
    }

    private mutating func byte() throws(ParquetError) -> UInt8 {
        guard position < bytes.count else { throw .truncated("the metadata end too early") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return value }
        }
        throw .corrupt("an integer of more than 64 bits in the metadata")
    }

    private mutating func zigzag() throws(ParquetError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private func unexpected(_ field: CompactField, _ expected: String) -> ParquetError {
        .corrupt("metadata field \(field.id) has type \(field.type) where \(expected) is expected")
    }
}
