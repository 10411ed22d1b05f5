// SAFETY: the buffer is immutable once wrapped, and `count` elements lie inside it.
/// A read-only run of fixed-width values in Arrow layout.
///
/// Keeps its memory alive; indexing is checked. Reading is as cheap as reading an `Array`.
@safe public struct FixedValues<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    @usableFromInline let buffer: Buffer
    @usableFromInline let pointer: UnsafePointer<Element>
    /// How many values there are.
    public let count: Int

    /// Wraps the first `count` elements of `buffer`, which nobody may write any more.
    @inlinable
    public init(_ buffer: Buffer, count: Int) {
        precondition(
            count >= 0 && count <= buffer.capacity / MemoryLayout<Element>.stride,
            "more values than the buffer holds")
        self.buffer = buffer
        unsafe pointer = UnsafePointer(buffer.pointer(to: Element.self))
        self.count = count
    }

    /// The value at `index`. Complexity: O(1).
    @inlinable
    public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "index out of range")
        return unsafe pointer[index]
    }

    /// Calls `body` with the values as a buffer pointer that must not escape.
    @inlinable
    public func withUnsafeBufferPointer<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeBufferPointer(start: pointer, count: count))
    }
}

/// A growing run of fixed-width values, made into `FixedValues` once.
@safe
public struct FixedValuesBuilder<Element: BitwiseCopyable & Sendable>: ~Copyable {
    @usableFromInline var buffer: Buffer
    @usableFromInline var pointer: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    /// How many values were appended.
    @inlinable public var count: Int { used }
    @usableFromInline var used = 0

    /// Starts empty with room for `capacity` values.
    public init(capacity: Int = 64) {
        buffer = Buffer(capacity: capacity * MemoryLayout<Element>.stride)
        unsafe pointer = buffer.pointer(to: Element.self)
        self.capacity = buffer.capacity / MemoryLayout<Element>.stride
    }

    /// Appends a value. Complexity: amortised O(1).
    @inlinable
    public mutating func append(_ value: Element) {
        if count == capacity { grow(to: count + 1) }
        unsafe pointer[count] = value
        used += 1
    }

    /// Appends `values`. Complexity: O(number of values).
    @inlinable
    public mutating func append(contentsOf values: FixedValues<Element>) {
        unsafe values.withUnsafeBufferPointer { source in unsafe append(contentsOf: source) }
    }

    /// Appends `source`, which must not overlap this builder's memory.
    @inlinable
    public mutating func append(contentsOf source: UnsafeBufferPointer<Element>) {
        let additional = source.count
        guard let start = source.baseAddress, additional > 0 else { return }
        if count + additional > capacity { grow(to: count + additional) }
        unsafe (pointer + count).update(from: start, count: additional)
        used += additional
    }

    /// Appends `additional` values that `fill` writes; it must write all of them.
    @inlinable
    public mutating func append<Failure: Error>(
        count additional: Int,
        fill: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(additional >= 0, "a negative number of values")
        if count + additional > capacity { grow(to: count + additional) }
        try unsafe fill(UnsafeMutableBufferPointer(start: pointer + count, count: additional))
        used += additional
    }

    /// The value at `index`, which must be below `count`.
    @inlinable
    public subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "index out of range")
            return unsafe pointer[index]
        }
        set {
            precondition(index >= 0 && index < count, "index out of range")
            unsafe pointer[index] = newValue
        }
    }

    /// The finished values.
    public consuming func finish() -> FixedValues<Element> {
        FixedValues(buffer, count: count)
    }

    // Inlined, so that a loop of appends keeps the builder in registers.
    @inlinable @inline(__always)
    mutating func grow(to minimum: Int) {
        let stride = MemoryLayout<Element>.stride
        buffer = Buffer(
            capacity: max(minimum, capacity * 2) * stride, copying: count * stride, of: buffer)
        unsafe pointer = buffer.pointer(to: Element.self)
        capacity = buffer.capacity / stride
    }
}

extension FixedValues {
    /// A copy of `array`.
    public init(_ array: [Element]) {
        var builder = FixedValuesBuilder<Element>(capacity: array.count)
        unsafe array.withUnsafeBufferPointer { unsafe builder.append(contentsOf: $0) }
        self = builder.finish()
    }
}
