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
        return try unsafe body(
            UnsafeBufferPointer(start: bytes.pointer + range.lowerBound, count: range.count))
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
                unsafe compareBytes(first, second)
            }
        }
    }
}

/// Negative, zero or positive as `left` sorts before, with or after `right`, by unsigned bytes.
///
/// Eight bytes at a time: read big-endian, they sort as their bytes do.
@inlinable
public func compareBytes(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
) -> Int {
    let length = min(left.count, right.count)
    var position = 0
    while position + 8 <= length {
        let first = unsafe word(left, at: position)
        let second = unsafe word(right, at: position)
        if first != second { return first < second ? -1 : 1 }
        position += 8
    }
    while position < length {
        let (first, second) = unsafe (left[position], right[position])
        if first != second { return first < second ? -1 : 1 }
        position += 1
    }
    return left.count - right.count
}

@inlinable
func word(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt64 {
    unsafe UInt64(
        bigEndian: UnsafeRawBufferPointer(bytes)
            .loadUnaligned(fromByteOffset: position, as: UInt64.self))
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
