import CommitProtocol

// Version 1 of a checkpoint, 33 bytes: version; who claimed it last, 16 bytes, all zero for nobody;
// the next offset, 8 bytes, big-endian; XXH64 of all before. A checkpoint that was taken away, because
// its generation was replaced or its stream ended, has no bytes until the generation is removed.

extension Checkpoint {
    private static let version: UInt8 = 1

    /// The bytes that a store keeps.
    var encoded: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        bytes.reserveCapacity(33)
        bytes.append(bigEndian: owner?.high ?? 0)
        bytes.append(bigEndian: owner?.low ?? 0)
        bytes.append(bigEndian: UInt64(bitPattern: next.offset))
        bytes.seal()
        return bytes
    }

    /// Reads what a store keeps; nil where there is no checkpoint.
    ///
    /// - Throws: `corrupt` for bytes that are none.
    init?(stored: [UInt8]?) throws(StoreError) {
        guard let stored, !stored.isEmpty else { return nil }
        var reader = try RecordReader(sealed: stored, "a checkpoint of a stream")
        guard try reader.byte() == Self.version else { throw reader.corrupt }
        let (high, low) = (try reader.number(), try reader.number())
        let next = Int64(bitPattern: try reader.number())
        guard next >= 0, reader.bytes.isEmpty else { throw reader.corrupt }
        let owner = OwnerToken(high: high, low: low)
        self.init(owner: high == 0 && low == 0 ? nil : owner, next: Position(next))
    }

    /// The same place, claimed by nobody.
    var fenced: Checkpoint { Checkpoint(owner: nil, next: next) }
}
