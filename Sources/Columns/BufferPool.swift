import Synchronization

/// Raw memory that nobody owns at the moment.
// SAFETY: a block is handed over whole; whoever holds the struct is the only user of the memory.
@safe
struct MemoryBlock: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int
}

/// Keeps freed column memory for the next column of the same size class.
///
/// Sizes are rounded up to a power of two (at least 64 bytes). At most `limit` bytes are kept;
/// beyond that memory goes back to the system. Thread-safe; both operations are O(1).
final class BufferPool: Sendable {
    static let shared = BufferPool(limit: 64 << 20)

    private struct State {
        var classes: [[MemoryBlock]] = Array(repeating: [], count: 64)
        var bytes = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// How many bytes are kept for the next taker.
    var keptBytes: Int { state.withLock { $0.bytes } }

    func take(atLeast size: Int) -> MemoryBlock {
        let sizeClass = max(6, Int.bitWidth - (size - 1).leadingZeroBitCount)
        let recycled = state.withLock { state -> MemoryBlock? in
            guard let block = state.classes[sizeClass].popLast() else { return nil }
            state.bytes -= block.capacity
            return block
        }
        if let recycled { return recycled }
        let capacity = 1 << sizeClass
        return unsafe MemoryBlock(
            base: .allocate(byteCount: capacity, alignment: 64), capacity: capacity)
    }

    func giveBack(_ block: MemoryBlock) {
        let kept = state.withLock { state -> Bool in
            guard state.bytes + block.capacity <= limit else { return false }
            state.classes[block.capacity.trailingZeroBitCount].append(block)
            state.bytes += block.capacity
            return true
        }
        if !kept { unsafe block.base.deallocate() }
    }
}
