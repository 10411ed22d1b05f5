import Aggregates
import TestSupport
import Testing
import Values

@Suite("Aggregates of decimals")
struct DecimalAggregateTests {
    @Test(
        "sums are exact and means are the exact quotient rounded once", arguments: [0, 2, 19, 38])
    func values(scale: Int) throws {
        let seed: UInt64 = 91
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 1...9, using: &generator)
            let bits = Int64.random(in: 0..<63, using: &generator)
            let factors = (0..<count).map { _ in
                (
                    Int64(bitPattern: generator.next()) >> bits,
                    Int64.random(in: -1_000_000...1_000_000, using: &generator)
                )
            }
            var sum = RunningDecimalSum()
            for (one, other) in factors { sum.add(Int128(one) * Int128(other)) }
            let exact = factors.reduce(Int128(0)) { $0 + Int128($1.0) * Int128($1.1) }
            #expect(sum.value == exact, "seed \(seed)")
            let digits = factors.map { BigInteger($0) * BigInteger($1) }
            let total = digits.reduce(BigInteger(0), +)
            let divisor = (0..<scale).reduce(BigInteger(Int64(count))) { product, _ in
                product * BigInteger(10)
            }
            let mean = try #require(sum.mean(scale: scale))
            #expect(ExactRational(total, over: divisor).rounds(to: mean), "seed \(seed)")
        }
    }

    @Test("a sum of more than 38 digits is null and told, and comes back when rows are taken away")
    func overflow() throws {
        let greatest = Decimal128.powerOfTen(38) - 1
        var sum = RunningDecimalSum()
        #expect(sum.value == nil && !sum.overflows && sum.mean(scale: 3) == nil)
        for _ in 0..<1_000 { sum.add(greatest) }
        #expect(sum.value == nil && sum.overflows)
        #expect(sum.mean(scale: 38) == 1)
        for _ in 0..<999 { sum.remove(greatest) }
        #expect(sum.value == greatest && !sum.overflows)
        for _ in 0..<1_000 { sum.add(-greatest) }
        #expect(sum.value == nil && sum.overflows)
        sum.reset()
        #expect(sum == RunningDecimalSum())
    }

    @Test("have the types of the fine print; variance wants a double")
    func types() throws {
        let price = DataType.decimal(precision: 9, scale: 2)
        #expect(
            try AggregateFunction.sum.resultType(of: price) == .decimal(precision: 38, scale: 2))
        #expect(try AggregateFunction.mean.resultType(of: price) == .double)
        #expect(try AggregateFunction.max.resultType(of: price) == price)
        #expect(try AggregateFunction.lastValues(2).resultType(of: price) == .list(price))
        let error = #expect(throws: AggregateError.self) {
            try AggregateFunction.variance.resultType(of: price)
        }
        #expect(error?.hint == "write variance(cast(x as double))")
    }

    @Test("states have these bytes, of which those of no decimals are refused")
    func bytes() throws {
        let type = DataType.decimal(precision: 3, scale: 1)
        var partial = try Partial(.sum, inputType: type)
        for digits in [999, -1] as [Int128] {
            partial.fold(
                value: .decimal(Decimal128(unscaled: digits, scale: 1)), eventTime: .distantPast,
                knownAt: .distantPast)
        }
        let golden: [UInt8] = [1, 2, 10, 3, 1, 2, 0, 0xE6, 3, 0, 0, 0, 0, 0, 0]
        #expect(partial.encoded == golden)
        #expect(try Partial(encoded: golden) == partial)
        var tooGreat = golden
        tooGreat[5] = 0
        #expect(throws: AggregateError.self) { try Partial(encoded: tooGreat) }
        var wide = golden
        wide[3] = 39
        #expect(throws: AggregateError.self) { try Partial(encoded: wide) }
    }
}
