import Aggregates
import Expressions
import JoinSupport
import Planning
import TestSupport
import Testing
import Values

@Suite("Windows with many different values")
struct CrowdedWindowTests {
    @Test("are swept as their rows are folded, bit for bit", arguments: 0..<4 as Range<UInt64>)
    func equality(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rows = (0..<1500).map { _ in row(&random) }
        let spine: [[Scalar]] = (0..<25).map { row in
            let second = row == 0 ? 60 : Int64.random(in: -10...1100, using: &random)
            return [.integer(1), .null, .timestamp(EventTime(microseconds: second * 1_000_000))]
        }
        let join = RandomJoin(view: view(), rows: rows, spine: spine)
        let expected = try NaiveJoin(join: join).cells()
        for (found, wanted) in zip(try join.cells(workers: 2), expected) {
            let isEqual = zip(found, wanted).allSatisfy { $0.isIdentical(to: $1) }
            #expect(isEqual, "seed \(seed): \(found) is not \(wanted)")
        }
        let counts = expected.compactMap {
            if case .integer(let count) = $0[0] { count } else { 0 }
        }
        #expect(counts.contains { $0 > 600 } && counts.contains { $0 < 256 })
    }

    private func row(_ random: inout SeededGenerator) -> [Scalar] {
        let at = Int64.random(in: 0...1_000_000_000, using: &random)
        let late =
            Bool.random(using: &random) ? 0 : Int64.random(in: 0...99_999_999, using: &random)
        return [
            .integer(1), .timestamp(EventTime(microseconds: at)),
            .timestamp(EventTime(microseconds: at + late)),
            .double(Double(bitPattern: random.next() & ~(0x7ff << 52) | 0x3f0 << 52)),
            .integer(Int64.random(in: 0...5000, using: &random)),
            .string("s\(random.next() % 900)"),
            .bool(true),
        ]
    }

    private func view() -> ViewPlan {
        let windows: [Window] = [
            .lifetime, .tiled(length: .seconds(600), hop: .seconds(60)),
            .exact(length: .seconds(500), maxEvents: 400),
        ]
        var functions: [(AggregateFunction, TypedExpression)] = [
            (.distinct, .column("n", .int64)), (.distinct, .column("s", .string)),
            (.distinctExact(cap: 300), .column("n", .int64)), (.top(20), .column("s", .string)),
            (.top(4), .column("x", .double)),
            (.decayedSum(halfLife: .seconds(77)), .column("x", .double)),
        ]
        if let median = Quantile(0.5), let edges = HistogramEdges([100, 1000, 4000]) {
            functions.append((.quantile(median), .column("n", .int64)))
            functions.append((.histogram(edges), .column("n", .int64)))
        }
        var features: [AggregateFeature] = []
        for (function, input) in functions {
            for window in windows {
                guard let type = try? function.resultType(of: input.type) else { continue }
                features.append(
                    AggregateFeature(
                        name: "f\(features.count)", function: function, input: input, filter: nil,
                        window: window, type: type, digest: digest))
            }
        }
        return ViewPlan(
            name: "view", entity: "thing",
            keys: [KeyPart(name: "key", type: .int64, sourceColumn: "key")],
            source: SourcePlan(
                name: "source", schema: RandomJoin.sourceSchema, computed: [], eventTime: "at",
                knownAt: "known", batch: nil, completeTo: nil, zone: nil),
            filter: nil, admission: Admission(lateness: nil, maxAhead: .zero),
            refresh: .stream(visibleDelay: .zero), ttl: nil, features: .aggregates(features))
    }
}
