import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Columns

@Suite("The buffer pool")
struct BufferPoolTests {
    @Test("gives memory that was given back to the next taker of its size class")
    func recycles() {
        let pool = BufferPool(limit: 1 << 20)
        let first = pool.take(atLeast: 1000)
        let address = unsafe first.base
        #expect(first.capacity == 1024)
        pool.giveBack(first)
        let second = pool.take(atLeast: 513)
        #expect(unsafe second.base == address)
        let third = pool.take(atLeast: 1024)
        #expect(unsafe third.base != address)
        unsafe second.base.deallocate()
        unsafe third.base.deallocate()
    }

    @Test("rounds sizes up to powers of two and aligns them to 64 bytes")
    func sizes() {
        let pool = BufferPool(limit: 0)
        for size in [1, 63, 64, 65, 127, 128, 129, 4095, 4096, 4097, 1 << 20] {
            let block = pool.take(atLeast: size)
            #expect(block.capacity >= size && block.capacity < max(2 * size, 65))
            #expect(block.capacity.nonzeroBitCount == 1)
            #expect(unsafe UInt(bitPattern: block.base) % 64 == 0)
            pool.giveBack(block)
        }
        #expect(pool.keptBytes == 0)
    }

    @Test("keeps no more bytes than its limit")
    func limit() {
        let pool = BufferPool(limit: 1000)
        let blocks = (0..<20).map { _ in pool.take(atLeast: 128) }
        #expect(pool.keptBytes == 0)
        for (index, block) in blocks.enumerated() {
            pool.giveBack(block)
            #expect(pool.keptBytes == min(index + 1, 7) * 128)
        }
        pool.giveBack(pool.take(atLeast: 64))
        #expect(pool.keptBytes == 7 * 128 + 64)
        for _ in 0..<7 { unsafe pool.take(atLeast: 128).base.deallocate() }
        unsafe pool.take(atLeast: 64).base.deallocate()
        #expect(pool.keptBytes == 0)
    }

    @Test("never gives one block to two takers")
    func concurrency() {
        let pool = BufferPool(limit: 1 << 16)
        let clashes = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            var generator = SeededGenerator(seed: UInt64(worker))
            var held: [(block: MemoryBlock, mark: UInt64)] = []
            for _ in 0..<3000 {
                if held.count < 6, Bool.random(using: &generator) {
                    let block = pool.take(atLeast: Int.random(in: 8...600, using: &generator))
                    let mark = generator.next()
                    fill(block, with: mark)
                    held.append((block, mark))
                } else if let (block, mark) = held.popLast() {
                    if !isFilled(block, with: mark) {
                        clashes.wrappingAdd(1, ordering: .relaxed)
                    }
                    pool.giveBack(block)
                }
            }
            for (block, _) in held { unsafe block.base.deallocate() }
        }
        #expect(clashes.load(ordering: .relaxed) == 0)
        #expect(pool.keptBytes <= 1 << 16)
    }

    @Test("columns built at the same time do not share memory")
    func buildersOnManyThreads() {
        let wrong = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            for round in 0..<100 {
                var builder = FixedValuesBuilder<Int>(capacity: 1)
                for value in 0..<500 { builder.append(worker << 32 + round << 16 + value) }
                let values = builder.finish()
                for value in 0..<500 where values[value] != worker << 32 + round << 16 + value {
                    wrong.wrappingAdd(1, ordering: .relaxed)
                }
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }

    private func fill(_ block: MemoryBlock, with mark: UInt64) {
        unsafe block.base.initializeMemory(
            as: UInt64.self, repeating: mark, count: block.capacity / 8)
    }

    private func isFilled(_ block: MemoryBlock, with mark: UInt64) -> Bool {
        let words = unsafe UnsafeBufferPointer(
            start: block.base.assumingMemoryBound(to: UInt64.self), count: block.capacity / 8)
        return unsafe words.allSatisfy { $0 == mark }
    }
}
