// Version 1 of a record: version; view and topic, each as its length and its bytes; the live
// generation; 1 and the next one, or 0; XXH64 of all before. A generation is its record as its length
// and its bytes, the number of its partitions, and 1 if it is shared, else 0. Numbers are 8 bytes,
// big-endian.

extension StreamRecord {
    private static let version: UInt8 = 1

    /// The bytes that a store keeps.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.append(part: Array(view.utf8))
        bytes.append(part: Array(topic.utf8))
        bytes.append(live)
        bytes.append(next == nil ? 0 : 1)
        if let next { bytes.append(next) }
        bytes.seal()
        return bytes
    }

    /// Reads what `encoded` gives.
    ///
    /// - Throws: `corrupt` for anything else.
    package init(encoded: [UInt8]) throws(StoreError) {
        var reader = try RecordReader(sealed: encoded, "the record of a stream")
        guard try reader.byte() == Self.version else { throw reader.corrupt }
        let view = String(decoding: try reader.part(), as: UTF8.self)
        let topic = String(decoding: try reader.part(), as: UTF8.self)
        let live = try reader.fed()
        let next = try reader.byte() == 1 ? try reader.fed() : nil
        guard reader.bytes.isEmpty else { throw reader.corrupt }
        self.init(view: view, topic: topic, live: live, next: next)
    }

    /// Reads what a store keeps; nil where there is nothing, or no bytes since it was taken away.
    static func stored(_ bytes: [UInt8]?) throws(StoreError) -> StreamRecord? {
        guard let bytes, !bytes.isEmpty else { return nil }
        return try StreamRecord(encoded: bytes)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ fed: StreamRecord.Fed) {
        append(part: fed.generation.encoded)
        append(bigEndian: UInt64(fed.partitions))
        append(fed.isShared ? 1 : 0)
    }
}

extension RecordReader {
    fileprivate mutating func fed() throws(StoreError) -> StreamRecord.Fed {
        let generation = try Generation(encoded: try part())
        guard let partitions = Int(exactly: try number()) else { throw corrupt }
        return StreamRecord.Fed(
            generation: generation, partitions: partitions, isShared: try byte() == 1)
    }
}
