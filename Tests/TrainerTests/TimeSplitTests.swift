import Planning
import TestSupport
import Testing
import Values

@Suite("A split by time")
struct TimeSplitTests {
    @Test("lets nothing be learned that was not known yet", arguments: [1, 2, 3, 4] as [UInt64])
    func noLeakage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let edges = (0..<6).map { _ in Int64.random(in: -500...500, using: &random) }.sorted()
            guard edges[0] < edges[1], edges[2] < edges[3], edges[4] < edges[5] else { continue }
            let embargo = EventDuration(microseconds: Int64.random(in: 0...200, using: &random))
            let split = TimeSplit(
                train: interval(edges[0], edges[1]), validate: interval(edges[2], edges[3]),
                test: interval(edges[4], edges[5]), embargo: embargo)
            for micros in -520...520 as ClosedRange<Int64> {
                let time = EventTime(microseconds: micros)
                let known = time.advanced(by: embargo)
                switch split.part(at: time) {
                case .train: #expect(known <= split.validate.from, "seed \(seed)")
                case .validate: #expect(known <= split.test.from, "seed \(seed)")
                case .test: #expect(split.test.contains(time), "seed \(seed)")
                case .embargoed:
                    #expect(split.train.contains(time) || split.validate.contains(time))
                case .outside:
                    #expect(
                        !split.train.contains(time) && !split.validate.contains(time)
                            && !split.test.contains(time), "seed \(seed)")
                }
            }
        }
    }

    @Test("has intervals whose start belongs to them and whose end does not")
    func edges() {
        let split = TimeSplit(
            train: interval(0, 10), validate: interval(10, 20), test: interval(25, 30),
            embargo: EventDuration(microseconds: 3))
        let parts = [-1, 0, 7, 8, 10, 19, 20, 24, 25, 29, 30].map {
            split.part(at: EventTime(microseconds: $0))
        }
        #expect(
            parts == [
                .outside, .train, .train, .embargoed, .validate, .validate, .outside, .outside,
                .test, .test, .outside,
            ])
    }

    private func interval(_ from: Int64, _ to: Int64) -> Interval {
        Interval(from: EventTime(microseconds: from), to: EventTime(microseconds: to))
    }
}
