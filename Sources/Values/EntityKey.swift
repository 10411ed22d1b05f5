/// The bytes of one entity's join keys: equal keys and only equal keys have equal bytes.
///
/// Each part is self-delimiting, so composite keys cannot run into each other, and sorts as its
/// value does. Integers of both widths, dates and timestamps are 8 bytes, big-endian, with the
/// sign bit flipped, so that an `int32` key finds its `int64` twin; text and bytes are copied with
/// `00` written as `00 FF` and closed by `00 00`; a bool is one byte.
public struct EntityKey: Hashable, Sendable {
    /// The encoded parts, one after the other.
    public private(set) var bytes: [UInt8] = []

    /// Starts without a part.
    public init() {}

    /// The fixed 64-bit hash of the bytes (XXH64, seed 0). Complexity: O(bytes).
    public var hash: UInt64 { hash64(bytes) }

    /// Drops all parts and keeps the memory.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Appends an integer, a date's days or a timestamp's microseconds.
    public mutating func append(_ integer: Int64) {
        let flipped = (UInt64(bitPattern: integer) ^ (1 << 63)).bigEndian
        unsafe withUnsafeBytes(of: flipped) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends a truth value.
    public mutating func append(_ bool: Bool) { bytes.append(bool ? 1 : 0) }

    /// Appends text (its UTF-8) or bytes.
    public mutating func append(_ text: some Sequence<UInt8>) {
        let isDone: Void? = text.withContiguousStorageIfAvailable { unsafe append($0) }
        if isDone == nil { append(Array(text)) }
    }

    /// Appends text (its UTF-8) or bytes.
    public mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
        if unsafe text.contains(0) {
            for index in text.indices {
                unsafe bytes.append(text[index])
                if unsafe text[index] == 0 { bytes.append(0xFF) }
            }
        } else {
            unsafe bytes.append(contentsOf: text)
        }
        bytes.append(0)
        bytes.append(0)
    }

    /// Appends one typed value.
    ///
    /// - Returns: false, appending nothing, when the value is null or of a type that cannot be a
    ///   join key.
    public mutating func append(_ value: Scalar) -> Bool {
        switch value {
        case .bool(let bool): append(bool)
        case .integer(let integer): append(integer)
        case .string(let text): append(text.utf8)
        case .bytes(let bytes): append(bytes)
        case .timestamp(let time): append(time.microseconds)
        case .date(let days): append(Int64(days))
        case .null, .double, .duration, .decimal, .list: return false
        }
        return true
    }
}
