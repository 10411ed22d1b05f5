import Values

// Version 1 of a record: version; number; view, layout, identity, each as its length and its bytes;
// cut; entities; XXH64 of all before. Numbers are 8 bytes, big-endian.

extension Generation {
    private static let version: UInt8 = 1

    /// The bytes that a store keeps.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.append(bigEndian: id)
        for part in [Array(view.utf8), layout, identity] {
            bytes.append(bigEndian: UInt64(part.count))
            bytes += part
        }
        bytes.append(bigEndian: UInt64(bitPattern: cut.microseconds))
        bytes.append(bigEndian: UInt64(entities))
        bytes.append(bigEndian: hash64(bytes))
        return bytes
    }

    /// Reads what `encoded` gives.
    ///
    /// - Throws: `corrupt` for anything else.
    package init(encoded: [UInt8]) throws(StoreError) {
        let body = Array(encoded.dropLast(8))
        var reader = RecordReader(bytes: encoded[...].suffix(8))
        guard encoded.count > 8, try reader.number() == hash64(body) else {
            throw reader.corrupt
        }
        reader = RecordReader(bytes: body[...])
        guard try reader.byte() == Self.version else { throw reader.corrupt }
        id = try reader.number()
        view = String(decoding: try reader.part(), as: UTF8.self)
        layout = try reader.part()
        identity = try reader.part()
        cut = EventTime(microseconds: Int64(bitPattern: try reader.number()))
        guard let entities = Int(exactly: try reader.number()), reader.bytes.isEmpty else {
            throw reader.corrupt
        }
        self.entities = entities
    }
}

extension [UInt8] {
    /// Appends the 8 bytes of `number`.
    mutating func append(bigEndian number: UInt64) {
        for shift in stride(from: 56 as UInt64, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

/// Takes a record apart.
struct RecordReader {
    private(set) var bytes: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    var corrupt: StoreError {
        StoreError(
            .corrupt, "the record of a generation in the online store is damaged",
            hint: "remove the store's folder and materialize again")
    }

    mutating func byte() throws(StoreError) -> UInt8 {
        guard let byte = bytes.popFirst() else { throw corrupt }
        return byte
    }

    mutating func number() throws(StoreError) -> UInt64 {
        var number: UInt64 = 0
        for _ in 0..<8 { number = number << 8 | UInt64(try byte()) }
        return number
    }

    mutating func part() throws(StoreError) -> [UInt8] {
        guard let count = Int(exactly: try number()), count <= bytes.count else { throw corrupt }
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }
}
