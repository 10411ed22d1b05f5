/// Appends the parts of a state to bytes: one way to write each value, little-endian.
package struct StateWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 32) { bytes.reserveCapacity(capacity) }

    package mutating func write(byte: UInt8) { bytes.append(byte) }

    package mutating func write(bytes other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Seven bits a byte, the lowest first, as few bytes as the value needs.
    package mutating func write(_ value: UInt64) { write(varint: value) }

    private mutating func write(varint value: some FixedWidthInteger & UnsignedInteger) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Zigzag: small absolute values become small numbers.
    package mutating func write(signed value: Int64) {
        write(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    package mutating func write(signed value: Int128) {
        write(varint: UInt128(bitPattern: value << 1 ^ value >> 127))
    }

    package mutating func write(fixed value: UInt64) {
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
