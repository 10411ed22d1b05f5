import Aggregates
import Values

// What one more row and one more tile cost, aggregate by aggregate: rows of one entity, folded one
// by one as scalars, and tiles of a hundred rows merged into one. Prints a table.

/// The least time of some rounds, which other work on the machine disturbs least, per item.
func nanoseconds(items: Int, rounds: Int = 7, _ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<rounds {
        let time = try clock.measure { try body() }.components
        best = min(best, Double(time.seconds) * 1e9 + Double(time.attoseconds) / 1e9)
    }
    return best / Double(items)
}

func functions() -> [AggregateFunction] {
    var all: [AggregateFunction] = [
        .count, .sum, .mean, .variance, .stddev, .min, .max, .first, .last, .firstValues(10),
        .lastValues(10), .top(10), .distinct, .distinctExact(cap: 1000),
    ]
    if let median = Quantile(0.5) { all.append(.quantile(median)) }
    if let edges = HistogramEdges([-100, -10, 0, 10, 100]) { all.append(.histogram(edges)) }
    return all + [.decayedSum(halfLife: .minutes(5))]
}

func padded(_ value: Double, _ width: Int) -> String {
    let text = String(Int((value * 10).rounded()) / 10)
    return String(repeating: " ", count: max(0, width - text.count)) + text
}

let rowCount = 100_000
let tileCount = 100
var state: UInt64 = 1
let rows: [(value: Scalar, time: EventTime)] = (0..<rowCount).map { row in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let value = Double(Int64(bitPattern: state) >> 40) / 1000
    return (.double(value), EventTime(microseconds: Int64(row) * 100_000))
}

print("| aggregate | fold ns/row | merge ns/tile | bytes/tile |")
print("|---|---|---|---|")
for function in functions() {
    let empty = try Partial(function, inputType: .double)
    let fold = nanoseconds(items: rowCount) {
        var partial = empty
        for row in rows { partial.fold(value: row.value, eventTime: row.time, knownAt: row.time) }
    }
    let tiles = (0..<tileCount).map { tile in
        var partial = empty
        for row in rows[tile * 100..<tile * 100 + 100] {
            partial.fold(value: row.value, eventTime: row.time, knownAt: row.time)
        }
        return partial
    }
    let merge = nanoseconds(items: tileCount, rounds: 50) {
        var partial = empty
        for tile in tiles { partial.merge(tile) }
    }
    let bytes = tiles.reduce(0) { $0 + $1.encoded.count } / tileCount
    print("| `\(function)` | \(padded(fold, 5)) | \(padded(merge, 6)) | \(bytes) |")
}
