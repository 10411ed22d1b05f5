import TestSupport
import Testing
import Values

@Suite("Event times")
struct EventTimeTests {
    static let edges: [Int64] = [
        .min, .min + 1, -86_400_000_001, -86_400_000_000, -3, -2, -1, 0, 1, 2, 3,
        86_399_999_999, 86_400_000_000, .max - 1, .max,
    ]

    @Test("floor is the greatest multiple not after the time, on both sides of 1970")
    func floorAgreesWithWideArithmetic() {
        let seed: UInt64 = 11
        var generator = SeededGenerator(seed: seed)
        let times =
            Self.edges + (0..<500).map { _ in Int64.random(in: .min ... .max, using: &generator) }
        let steps =
            Self.edges.filter { $0 > 0 }
            + (0..<50).map { _ in Int64.random(in: 1 ... .max, using: &generator) }
        for time in times {
            for step in steps {
                let floored = EventTime(microseconds: time)
                    .floor(to: EventDuration(microseconds: step)).microseconds
                #expect(
                    floored == wideFloor(time, step), "seed \(seed): floor of \(time) to \(step)")
            }
        }
    }

    @Test("a step of zero or less is refused")
    func floorRefusesNoStep() async {
        await #expect(processExitsWith: .failure) {
            _ = EventTime(microseconds: 5).floor(to: .zero)
        }
    }

    @Test("sums and differences are clamped, never trapped")
    func arithmeticIsClamped() {
        for left in Self.edges {
            for right in Self.edges {
                let sum = EventTime(microseconds: left)
                    .advanced(by: EventDuration(microseconds: right))
                let length = EventDuration(microseconds: left)
                    .adding(EventDuration(microseconds: right))
                let difference = EventTime(microseconds: left)
                    .since(EventTime(microseconds: right))
                #expect(sum.microseconds == clamped(Int128(left) + Int128(right)))
                #expect(length.microseconds == clamped(Int128(left) + Int128(right)))
                #expect(difference.microseconds == clamped(Int128(left) - Int128(right)))
            }
        }
    }

    @Test("days and the time of the day add up to the time")
    func daysAndRestAddUp() {
        for time in Self.edges.map(EventTime.init(microseconds:)) {
            let total =
                Int128(time.daysSinceEpoch) * 86_400_000_000 + Int128(time.microsecondsOfDay)
            #expect(total == Int128(time.microseconds))
            #expect((0..<86_400_000_000).contains(time.microsecondsOfDay))
        }
    }

    @Test("earlier times sort first")
    func order() {
        let sorted = Self.edges.map(EventTime.init(microseconds:))
        #expect(sorted.shuffled().sorted() == sorted)
    }
}

private func wideFloor(_ time: Int64, _ step: Int64) -> Int64 {
    let (quotient, remainder) = Int128(time).quotientAndRemainder(dividingBy: Int128(step))
    return clamped((remainder < 0 ? quotient - 1 : quotient) * Int128(step))
}

private func clamped(_ wide: Int128) -> Int64 { Int64(clamping: wide) }
