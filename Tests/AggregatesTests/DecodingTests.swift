import TestSupport
import Testing
import Values

@testable import Aggregates

@Suite("Bytes of states")
struct DecodingTests {
    @Test("random bytes and broken states are refused, or are states that encode to the same bytes")
    func fuzz() throws {
        let seeds = try validStates()
        for seed in 0..<20_000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let state = seeds.randomElement(using: &generator) ?? []
            let bytes = broken(state, using: &generator)
            try checkPartial(bytes, note: "seed \(seed)")
            try checkNewestRows(bytes, note: "seed \(seed)")
            try checkSum(bytes, note: "seed \(seed)")
        }
    }

    @Test("every bit of a state matters: flipped, the state is refused or another one")
    func everyBit() throws {
        for state in try validStates() {
            for bit in 0..<8 * state.count {
                var bytes = state
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                try checkPartial(bytes, note: "bit \(bit) of \(state)")
                try checkNewestRows(bytes, note: "bit \(bit) of \(state)")
            }
        }
    }

    @Test("a state cut short or prolonged is refused")
    func wrongLength() throws {
        for kind in aggregateKinds {
            var generator = SeededGenerator(seed: 5)
            let rows = randomRows(count: 6, type: kind.inputType, using: &generator)
            let bytes = try kind.partial(of: rows).encoded
            for count in 0..<bytes.count {
                #expect(throws: AggregateError.self) {
                    try Partial(encoded: Array(bytes[..<count]))
                }
            }
            #expect(throws: AggregateError.self) { try Partial(encoded: bytes + [0]) }
        }
    }

    private func validStates() throws -> [[UInt8]] {
        var states: [[UInt8]] = []
        for kind in aggregateKinds {
            var generator = SeededGenerator(seed: UInt64(states.count))
            let rows = randomRows(count: 7, type: kind.inputType, using: &generator)
            states.append(try kind.partial(of: rows).encoded)
            var window = try NewestRows(kind.function, inputType: kind.inputType, capacity: 4)
            for row in rows { window.fold(row) }
            states.append(window.encoded)
        }
        var sum = ExactSum()
        for value in NastyValues.finite + NastyValues.special { sum.add(value) }
        return states + [sum.encoded]
    }

    private func broken(_ state: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = state
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            let byte = UInt8(truncatingIfNeeded: generator.next())
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(byte, at: index)
            case 2: bytes.removeSubrange(index...)
            case 3:
                bytes.replaceSubrange(3..., with: (0..<12).map { _ in byte &* UInt8(index & 7) })
            case 4: bytes[index] = byte
            default: bytes[index] ^= 1 << (byte & 7)
            }
            if bytes.count < 4 { bytes = (0..<index).map { _ in byte } + bytes + [0, 0, 0, 0] }
        }
        return bytes
    }

    private func checkPartial(_ bytes: [UInt8], note: String) throws {
        guard var partial = decoded({ () throws(AggregateError) in try Partial(encoded: bytes) })
        else { return }
        #expect(partial.encoded == bytes, "\(note)")
        _ = partial.finalised()
        partial.merge(partial)
        _ = partial.finalised()
    }

    private func checkNewestRows(_ bytes: [UInt8], note: String) throws {
        guard
            var window = decoded({ () throws(AggregateError) in try NewestRows(encoded: bytes) })
        else { return }
        #expect(window.encoded == bytes, "\(note)")
        window.merge(window)
        _ = try window.partial().finalised()
    }

    private func checkSum(_ bytes: [UInt8], note: String) throws {
        guard let sum = decoded({ () throws(AggregateError) in try ExactSum(encoded: bytes) })
        else { return }
        #expect(sum.encoded == bytes, "\(note)")
        _ = sum.rounded()
    }

    private func decoded<State>(_ decode: () throws(AggregateError) -> State) -> State? {
        do {
            return try decode()
        } catch {
            #expect(error.code == .corruptState)
            return nil
        }
    }
}
