// SAFETY: the only writer is a builder that owns the buffer alone; afterwards it is read only.
/// A block of 64-byte aligned memory that returns to a pool when its last owner lets go.
///
/// First touch of fresh memory costs 10 to 40 times reading it, so a column's memory is recycled.
/// A buffer is written by the one builder that made it and is immutable once a `Column` holds it.
@safe public final class Buffer: @unchecked Sendable {
    /// The start of the memory.
    @usableFromInline let base: UnsafeMutableRawPointer
    /// The usable size in bytes; at least what was asked for.
    public let capacity: Int

    /// Takes a buffer of at least `capacity` bytes from the pool; the bytes are arbitrary.
    public init(capacity: Int) {
        let block = BufferPool.shared.take(atLeast: max(capacity, 1))
        unsafe base = block.base
        self.capacity = block.capacity
    }

    /// Takes a buffer of at least `capacity` bytes that begins with `count` bytes of `other`.
    @usableFromInline
    convenience init(capacity: Int, copying count: Int, of other: Buffer) {
        self.init(capacity: capacity)
        unsafe base.copyMemory(from: other.base, byteCount: count)
    }

    deinit {
        unsafe BufferPool.shared.giveBack(MemoryBlock(base: base, capacity: capacity))
    }

    /// The memory as elements of `Element`; valid while the buffer lives.
    @inlinable
    public func pointer<Element: BitwiseCopyable>(
        to type: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        unsafe base.bindMemory(to: type, capacity: capacity / MemoryLayout<Element>.stride)
    }
}
