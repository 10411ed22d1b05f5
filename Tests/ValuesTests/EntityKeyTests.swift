import TestSupport
import Testing
import Values

@Suite("Entity keys")
struct EntityKeyTests {
    /// All byte strings of at most three bytes that test the escape and its neighbours, sorted.
    static let texts: [[UInt8]] = {
        let alphabet: [UInt8] = [0, 1, 0xFF]
        var all: [[UInt8]] = [[]]
        for length in 1...3 {
            all += all.filter { $0.count == length - 1 }
                .flatMap { head in alphabet.map { head + [$0] } }
        }
        return all.sorted { $0.lexicographicallyPrecedes($1) }
    }()

    static let integers: [Int64] = [
        .min, .min + 1, -(1 << 32), -257, -256, -255, -1, 0, 1, 127, 128, 255, 256, 1 << 31, .max,
    ]

    /// Keys that ascend strictly are distinct and sort as their values do.
    private func expectStrictlyAscending(_ keys: [EntityKey]) {
        for (left, right) in zip(keys, keys.dropFirst()) {
            #expect(left.bytes.lexicographicallyPrecedes(right.bytes), "\(left) before \(right)")
        }
    }

    @Test("pairs of texts are injective and sort as the pairs do, with zeros and empty ones")
    func pairsOfTexts() {
        expectStrictlyAscending(
            Self.texts.flatMap { first in
                Self.texts.map { second in key(.bytes(first), .bytes(second)) }
            })
    }

    @Test("integers sort by value, and do so before and after a text")
    func integersAndTexts() {
        expectStrictlyAscending(Self.integers.map { key(.integer($0)) })
        expectStrictlyAscending(
            Self.integers.flatMap { first in
                Self.texts.map { key(.integer(first), .bytes($0)) }
            })
        expectStrictlyAscending(
            Self.texts.flatMap { first in
                Self.integers.map { key(.bytes(first), .integer($0)) }
            })
    }

    @Test("parts cannot run into each other")
    func composites() {
        #expect(key(.string("1"), .string("11")) != key(.string("11"), .string("1")))
        #expect(key(.string(""), .string("a")) != key(.string("a"), .string("")))
        #expect(key(.string("a\0"), .string("b")) != key(.string("a"), .string("\0b")))
        #expect(key(.bool(false), .bool(true)) != key(.bool(true), .bool(false)))
    }

    @Test("random composite keys are equal exactly when their values are")
    func randomComposites() {
        let seed: UInt64 = 15
        var generator = SeededGenerator(seed: seed)
        let types: [DataType] = [.bool, .int32, .string, .bytes, .timestamp, .date]
        for _ in 0..<200 {
            let shape = (0..<3).map { _ in types[Int.random(in: 0..<6, using: &generator)] }
            let rows = (0..<20).map { _ in shape.map { generator.scalar(of: $0) } }
            let keys = rows.map { key($0) }
            for left in rows.indices {
                for right in rows.indices {
                    #expect(
                        (rows[left] == rows[right]) == (keys[left] == keys[right]),
                        "seed \(seed): \(rows[left]) and \(rows[right])")
                }
            }
        }
    }

    @Test("text is encoded the same from a string, bytes and memory")
    func sameBytesFromEverySequence() {
        let text = "a\0é"
        var fromSequence = EntityKey()
        fromSequence.append(AnySequence(Array(text.utf8)))
        #expect(fromSequence.bytes == [0x61, 0, 0xFF, 0xC3, 0xA9, 0, 0])
        #expect(key(.string(text)) == fromSequence)
        #expect(key(.bytes(Array(text.utf8))) == fromSequence)
    }

    @Test("the bytes of every type are pinned, since partitions outlive a process")
    func pinnedBytes() {
        #expect(key(.integer(1)).bytes == [0x80, 0, 0, 0, 0, 0, 0, 1])
        #expect(key(.integer(-2)).bytes == [0x7F, 255, 255, 255, 255, 255, 255, 254])
        #expect(key(.date(1)) == key(.integer(1)))
        #expect(key(.timestamp(EventTime(microseconds: 1))) == key(.integer(1)))
        #expect(key(.bool(true)).bytes == [1])
        #expect(key(.string("UA")).bytes == [0x55, 0x41, 0, 0])
        #expect(EntityKey().bytes.isEmpty)
        #expect(
            key(.string("UA"), .integer(7)).hash == hash64(key(.string("UA"), .integer(7)).bytes))
    }

    @Test("what cannot be a join key appends nothing")
    func refused() {
        var key = key(.integer(1))
        let before = key
        for value in [.null, .double(1), .duration(.zero), .list([.integer(1)])] as [Scalar] {
            let isAppended = key.append(value)
            #expect(!isAppended)
        }
        #expect(key == before)
        key.removeAll()
        #expect(key == EntityKey())
    }

    private func key(_ values: Scalar...) -> EntityKey { key(values) }

    private func key(_ values: [Scalar]) -> EntityKey {
        var key = EntityKey()
        for value in values {
            let isAppended = key.append(value)
            #expect(isAppended)
        }
        return key
    }
}
