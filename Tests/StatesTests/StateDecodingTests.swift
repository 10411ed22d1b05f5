import Planning
import TestSupport
import Testing
import Values

@testable import States

@Suite("Bytes that are no state")
struct StateDecodingTests {
    @Test("are refused when they are cut short or lengthened")
    func lengths() {
        for seed in 0..<200 as Range<UInt64> {
            let random = RandomState(seed: seed)
            let bytes = random.state(of: random.rows).encoded
            for length in bytes.indices {
                #expect(throws: StateError.self) {
                    _ = try ViewState(random.layout, encoded: Array(bytes[..<length]))
                }
            }
            #expect(throws: StateError.self) {
                _ = try ViewState(random.layout, encoded: bytes + [0])
            }
        }
    }

    @Test("are refused when a bit is flipped")
    func flippedBits() {
        for seed in 0..<300 as Range<UInt64> {
            let random = RandomState(seed: seed)
            var generator = SeededGenerator(seed: seed)
            var bytes = random.state(of: random.rows).encoded
            bytes[Int.random(in: bytes.indices, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
            #expect(throws: StateError.self, "seed \(seed)") {
                _ = try ViewState(random.layout, encoded: bytes)
            }
        }
    }

    @Test("never trap, not even with a check that fits")
    func forgedChecks() throws {
        var read = 0
        for seed in 0..<6000 as Range<UInt64> {
            let random = RandomState(seed: seed % 500)
            var generator = SeededGenerator(seed: seed)
            var body = Array(random.state(of: random.rows).encoded.dropLast(4))
            for _ in 0..<Int.random(in: 1...4, using: &generator) where body.count > 1 {
                let place = Int.random(in: body.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: body.remove(at: place)
                default: body.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                }
            }
            let check = random.layout.check(of: body[...])
            let bytes = body + (0..<4).map { UInt8(truncatingIfNeeded: check >> (8 * $0)) }
            _ = try? random.answer(bytes, at: random.built)
            guard let state = try? ViewState(random.layout, encoded: bytes) else { continue }
            read += 1
            for time in [EventTime.distantPast, random.built, .distantFuture] {
                _ = try random.answer(state.pruned(to: time).encoded, at: time)
            }
            var merged = state
            merged.merge(state)
        }
        #expect(read > 100)
    }

    @Test("of another view are refused")
    func otherViews() throws {
        let one = RandomState(seed: 1)
        let other = try #require(
            (2..<100).lazy.map { RandomState(seed: $0) }.first {
                $0.layout.view.features.count != one.layout.view.features.count
            })
        #expect(throws: StateError.self) {
            _ = try ViewState(other.layout, encoded: one.state(of: one.rows).encoded)
        }
    }
}
