/// Reads what a `StateWriter` wrote, and refuses everything that it would not have written.
package struct StateReader {
    private let bytes: [UInt8]
    private let end: Int
    package private(set) var offset = 0

    package init(_ bytes: [UInt8]) { self.init(bytes, count: bytes.count) }

    /// Reads the first `count` of `bytes`.
    package init(_ bytes: [UInt8], count: Int) {
        precondition(count <= bytes.count, "more bytes than there are")
        self.bytes = bytes
        end = count
    }

    package func corrupt(_ what: String) -> AggregateError { .corrupt(what, at: offset) }

    package mutating func readByte() throws(AggregateError) -> UInt8 {
        guard offset < end else { throw corrupt("it ends too early") }
        defer { offset += 1 }
        return bytes[offset]
    }

    package mutating func readBytes(count: Int) throws(AggregateError) -> ArraySlice<UInt8> {
        guard count <= end - offset else { throw corrupt("it ends too early") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    package mutating func readUnsigned() throws(AggregateError) -> UInt64 {
        if offset < end, bytes[offset] < 0x80 {
            defer { offset += 1 }
            return UInt64(bytes[offset])
        }
        return UInt64(truncatingIfNeeded: try readVarint(bitWidth: 64))
    }

    private mutating func readVarint(bitWidth: Int) throws(AggregateError) -> UInt128 {
        var value: UInt128 = 0
        var shift = 0
        while true {
            let byte = try readByte()
            let bits = byte & 0x7f
            guard shift < bitWidth, bitWidth - shift >= 8 - bits.leadingZeroBitCount else {
                throw corrupt("a number has more than \(bitWidth) bits")
            }
            value |= UInt128(bits) << UInt128(shift)
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw corrupt("a number has idle bytes") }
                return value
            }
            shift += 7
        }
    }

    package mutating func readSigned() throws(AggregateError) -> Int64 {
        let value = try readUnsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    package mutating func readSigned128() throws(AggregateError) -> Int128 {
        let value = try readVarint(bitWidth: 128)
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    package mutating func readFixed() throws(AggregateError) -> UInt64 {
        guard end - offset >= 8 else { throw corrupt("it ends too early") }
        defer { offset += 8 }
        var value: UInt64 = 0
        for index in 0..<8 { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
        return value
    }

    /// A number of things; at most `limit`.
    package mutating func readCount(limit: Int = .max) throws(AggregateError) -> Int {
        let value: UInt64 = try readUnsigned()
        guard let count = Int(exactly: value), count <= limit else {
            throw corrupt("a count of \(value) is out of range")
        }
        return count
    }

    /// Refuses bytes behind the end of a state.
    package func finish() throws(AggregateError) {
        guard offset == end else { throw corrupt("there are bytes behind its end") }
    }
}
