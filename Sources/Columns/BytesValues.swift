/// A read-only run of byte strings in Arrow layout: offsets and one block of bytes.
public struct BytesValues: Sendable {
    /// `count + 1` offsets into `bytes`, ascending from 0.
    public let offsets: FixedValues<Int32>
    /// All strings, one after the other.
    public let bytes: FixedValues<UInt8>

    /// Wraps offsets and bytes; the offsets must ascend from 0 to at most the number of bytes.
    @inlinable
    public init(offsets: FixedValues<Int32>, bytes: FixedValues<UInt8>) {
        precondition(offsets.count >= 1)
        self.offsets = offsets
        self.bytes = bytes
    }

    /// How many strings there are.
    @inlinable public var count: Int { offsets.count - 1 }

    /// The bytes of string `index` in `bytes`.
    @inlinable
    public func range(at index: Int) -> Range<Int> {
        Int(offsets[index])..<Int(offsets[index + 1])
    }

    /// Calls `body` with the bytes of string `index`; the pointer must not escape.
    ///
    /// Traps on offsets that leave the bytes, as a reader that trusts its file could give.
    @inlinable
    public func withBytes<Result, Failure: Error>(
        at index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = range(at: index)
        precondition(
            range.lowerBound >= 0 && range.upperBound <= bytes.count, "offsets leave the bytes")
        return try unsafe bytes.withUnsafeBufferPointer { all throws(Failure) -> Result in
            try unsafe body(UnsafeBufferPointer(rebasing: all[range]))
        }
    }

    /// A copy of string `index` as bytes.
    public func array(at index: Int) -> [UInt8] {
        unsafe withBytes(at: index) { bytes in unsafe Array(bytes) }
    }

    /// A copy of string `index` as text; broken UTF-8 is replaced.
    public func string(at index: Int) -> String {
        unsafe withBytes(at: index) { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
    }

    /// Negative, zero or positive as string `left` sorts before, with or after string `right`
    /// of `other`, by unsigned bytes.
    @inlinable
    public func compare(_ left: Int, with other: BytesValues, _ right: Int) -> Int {
        unsafe withBytes(at: left) { first in
            unsafe other.withBytes(at: right) { second in
                let length = min(first.count, second.count)
                for index in 0..<length where unsafe first[index] != second[index] {
                    return unsafe first[index] < second[index] ? -1 : 1
                }
                return first.count - second.count
            }
        }
    }
}

/// A growing run of byte strings; at most 2 GiB of bytes, as Arrow's 32-bit offsets allow.
public struct BytesValuesBuilder: ~Copyable {
    @usableFromInline var offsets: FixedValuesBuilder<Int32>
    @usableFromInline var bytes: FixedValuesBuilder<UInt8>

    /// Starts empty with room for `capacity` strings.
    public init(capacity: Int = 64) {
        offsets = FixedValuesBuilder(capacity: capacity + 1)
        bytes = FixedValuesBuilder(capacity: capacity * 8)
        offsets.append(0)
    }

    /// How many strings were appended.
    @inlinable public var count: Int { offsets.count - 1 }

    /// How many bytes were appended; a caller that may pass 2 GiB checks it first.
    @inlinable public var byteCount: Int { bytes.count }

    /// Appends a string. Traps beyond 2 GiB in all.
    @inlinable
    public mutating func append(_ string: UnsafeBufferPointer<UInt8>) {
        unsafe bytes.append(contentsOf: string)
        offsets.append(Int32(bytes.count))
    }

    /// Appends a string. Traps beyond 2 GiB in all.
    @inlinable
    public mutating func append(_ string: some Sequence<UInt8>) {
        let isDone: Void? = string.withContiguousStorageIfAvailable { unsafe append($0) }
        if isDone == nil { append(Array(string)) }
    }

    /// Appends the empty string, as the place of a null.
    @inlinable
    public mutating func appendEmpty() {
        offsets.append(Int32(bytes.count))
    }

    /// The finished strings.
    public consuming func finish() -> BytesValues {
        BytesValues(offsets: offsets.finish(), bytes: bytes.finish())
    }
}
