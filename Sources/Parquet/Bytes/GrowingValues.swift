import Columns

/// Decoded values of one column chunk in recycled memory.
///
/// Like `FixedValuesBuilder`, but with access to the values already written, which the spreading
/// of nulls needs, and for bytes with `ByteRegion.slack` writable ones behind the last.
@safe struct GrowingValues<Element: BitwiseCopyable & Sendable>: ~Copyable {
    private var buffer: Buffer
    private var capacity: Int
    private(set) var count = 0

    /// Only bytes need it; wider values without it fill a buffer of a power of two exactly.
    private static var slack: Int { MemoryLayout<Element>.size == 1 ? ByteRegion.slack : 0 }

    init(capacity: Int) {
        buffer = Buffer(capacity: capacity * MemoryLayout<Element>.stride + Self.slack)
        self.capacity = capacity
    }

    /// Makes room for `additional` values.
    mutating func reserve(_ additional: Int) {
        guard additional > capacity - count else { return }
        let stride = MemoryLayout<Element>.stride
        let larger = max(count + additional, capacity * 2)
        let target = Buffer(capacity: larger * stride + Self.slack)
        unsafe target.pointer(to: Element.self).update(
            from: buffer.pointer(to: Element.self), count: count)
        buffer = target
        capacity = larger
    }

    /// The place behind the last value, with room for `additional` values; `commit` counts them.
    /// The pointer is valid until the next call that may grow.
    mutating func tail(_ additional: Int) -> UnsafeMutablePointer<Element> {
        reserve(additional)
        return unsafe buffer.pointer(to: Element.self) + count
    }

    /// Counts values that were written to the tail.
    mutating func commit(_ written: Int) {
        precondition(written >= 0 && written <= capacity - count)
        count += written
    }

    /// Appends one value.
    mutating func append(_ value: Element) {
        reserve(1)
        unsafe buffer.pointer(to: Element.self)[count] = value
        count += 1
    }

    /// The value at `start` and those behind it; valid until the next call that may grow.
    mutating func pointer(from start: Int) -> UnsafeMutablePointer<Element> {
        precondition(start >= 0 && start <= count)
        return unsafe buffer.pointer(to: Element.self) + start
    }

    /// The finished values.
    consuming func finish() -> FixedValues<Element> { FixedValues(buffer, count: count) }
}
