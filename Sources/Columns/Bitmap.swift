/// A read-only run of bits in Arrow layout: bit `i` is bit `i % 8` of byte `i / 8`.
public struct Bitmap: Sendable {
    /// 64 bits each; bits beyond `count` are zero.
    public let words: FixedValues<UInt64>
    /// How many bits there are.
    public let count: Int

    /// Wraps words; bits beyond `count` must be zero.
    @inlinable
    public init(words: FixedValues<UInt64>, count: Int) {
        precondition(count >= 0 && words.count == (count + 63) / 64)
        precondition(
            count & 63 == 0 || words[words.count - 1] &>> UInt64(count & 63) == 0,
            "a bit beyond the count is set")
        self.words = words
        self.count = count
    }

    /// The bit at `index`. Complexity: O(1).
    @inlinable
    public subscript(index: Int) -> Bool {
        precondition(index >= 0 && index < count, "index out of range")
        return (words[index &>> 6] &>> UInt64(index & 63)) & 1 == 1
    }

    /// How many bits are set. Complexity: O(count / 64).
    public var onesCount: Int {
        unsafe words.withUnsafeBufferPointer { words in
            var total = 0
            for index in words.indices { unsafe total += words[index].nonzeroBitCount }
            return total
        }
    }

    /// `count` equal bits.
    public init(repeating bit: Bool, count: Int) {
        var builder = BitmapBuilder(capacity: count)
        builder.append(bit, count: count)
        self = builder.finish()
    }

    /// Combines two bitmaps of equal length word by word; unused bits are cleared afterwards.
    public func combined(
        with other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64
    ) -> Bitmap {
        precondition(count == other.count)
        var builder = FixedValuesBuilder<UInt64>(capacity: words.count)
        for index in 0..<words.count { builder.append(operation(words[index], other.words[index])) }
        if count & 63 != 0 { builder[words.count - 1] &= (1 << UInt64(count & 63)) - 1 }
        return Bitmap(words: builder.finish(), count: count)
    }

    /// The complement. Complexity: O(count / 64).
    public var inverted: Bitmap { combined(with: self) { word, _ in ~word } }
}

/// A growing run of bits.
public struct BitmapBuilder: ~Copyable {
    @usableFromInline var words: FixedValuesBuilder<UInt64>
    @usableFromInline var pending: UInt64 = 0
    /// How many bits were appended.
    @inlinable public var count: Int { used }
    @usableFromInline var used = 0

    /// Starts empty with room for `capacity` bits.
    public init(capacity: Int = 64) {
        words = FixedValuesBuilder(capacity: (capacity + 63) / 64)
    }

    /// Appends a bit. Complexity: amortised O(1).
    @inlinable
    public mutating func append(_ bit: Bool) {
        pending |= (bit ? 1 : 0) &<< UInt64(used & 63)
        used += 1
        if used & 63 == 0 {
            words.append(pending)
            pending = 0
        }
    }

    /// Appends `count` equal bits. Complexity: O(count / 64).
    public mutating func append(_ bit: Bool, count: Int) {
        let untilBoundary = min(count, -used & 63)
        for _ in 0..<untilBoundary { append(bit) }
        let whole = (count - untilBoundary) & ~63
        for _ in 0..<(whole / 64) { words.append(bit ? .max : 0) }
        used += whole
        for _ in 0..<(count - untilBoundary - whole) { append(bit) }
    }

    /// The finished bitmap.
    public consuming func finish() -> Bitmap {
        if used & 63 != 0 { words.append(pending) }
        let count = used
        return Bitmap(words: words.finish(), count: count)
    }
}
