import Testing

@testable import Aggregates

@Suite("The exact sum")
struct ExactSumTests {
    @Test("sum, mean and variance are the exact ones rounded once")
    func roundsOnce() {
        for seed in 0..<400 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...12, using: &generator)
            check(NastyValues.random(count: count, using: &generator), note: "seed \(seed)")
        }
    }

    private func check(_ values: [Double], note: String) {
        var sum = RunningSum()
        var mean = RunningMean()
        var moments = RunningMoments()
        for value in values {
            sum.add(value)
            mean.add(value)
            moments.add(value)
        }
        #expect(ExactRational.sum(of: values).rounds(to: sum.value ?? .nan), "\(note) \(values)")
        #expect(ExactRational.mean(of: values).rounds(to: mean.value ?? .nan), "\(note) \(values)")
        guard values.count > 1 else {
            #expect(moments.variance == nil)
            return
        }
        let variance = moments.variance ?? .nan
        #expect(ExactRational.variance(of: values).rounds(to: variance), "\(note) \(values)")
    }
}
