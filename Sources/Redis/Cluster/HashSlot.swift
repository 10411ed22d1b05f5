// Redis Cluster spreads keys over 16,384 slots: the CRC-16 of the key modulo 16,384, or of what
// stands between the first `{` and the next `}` if that is not empty. The CRC is the one of XMODEM:
// polynomial 0x1021, initial value 0. Source: Redis cluster specification, appendix A.

/// The slot of a key in a Redis Cluster.
enum HashSlot {
    /// How many slots there are.
    static let count = 16_384

    /// The slot of `key`. Complexity: O(length).
    static func of(_ key: [UInt8]) -> Int {
        var hashed = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        {
            hashed = key[(open + 1)..<close]
        }
        return Int(checksum(hashed)) % count
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        bytes.reduce(0) { checksum, byte in
            checksum << 8 ^ table[Int(UInt8(truncatingIfNeeded: checksum >> 8) ^ byte)]
        }
    }

    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { checksum, _ in
            checksum & 0x8000 == 0 ? checksum << 1 : checksum << 1 ^ 0x1021
        }
    }
}
