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
            bytes.append(part: part)
        }
        bytes.append(bigEndian: UInt64(bitPattern: cut.microseconds))
        bytes.append(bigEndian: UInt64(entities))
        bytes.seal()
        return bytes
    }

    /// Reads what `encoded` gives.
    ///
    /// - Throws: `corrupt` for anything else.
    package init(encoded: [UInt8]) throws(StoreError) {
        var reader = try RecordReader(sealed: encoded, "the record of a generation")
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

    /// Appends `part` behind its length.
    mutating func append(part: [UInt8]) {
        append(bigEndian: UInt64(part.count))
        self += part
    }

    /// Appends the XXH64 of all bytes.
    mutating func seal() { append(bigEndian: hash64(self)) }
}

/// Takes a record apart.
struct RecordReader {
    private(set) var bytes: ArraySlice<UInt8>
    private let name: String

    /// Takes `bytes` apart, which are what `name` says.
    init(bytes: ArraySlice<UInt8>, _ name: String = "the record of a generation") {
        self.bytes = bytes
        self.name = name
    }

    /// Takes apart what was sealed.
    ///
    /// - Throws: `corrupt` when the bytes are others.
    init(sealed: [UInt8], _ name: String) throws(StoreError) {
        var seal = RecordReader(bytes: sealed.suffix(8), name)
        let body = Array(sealed.dropLast(8))
        guard sealed.count > 8, try seal.number() == hash64(body) else { throw seal.corrupt }
        self.init(bytes: body[...], name)
    }

    var corrupt: StoreError {
        StoreError(
            .corrupt, "\(name) in the online store is damaged",
            hint: "remove the store's folder, or empty the database, and materialize again")
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
