import Glibc
import Trainer

// How long one prediction takes inside the process: no store, no network, one row at a time.
//
//     predict-rows PROJECT MODEL
//
// Rows are random, with a tenth of the values missing. Each call is timed on its own, so the cost
// of reading the clock (some 20 ns) is in the figures. One JSON object goes to standard output.

@main
struct PredictRows {
    private static let rowCount = 1000
    private static let rounds = 200

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            write("usage: predict-rows PROJECT MODEL", to: 2)
            exit(2)
        }
        let package = try ModelStore(folder: arguments[1]).package(named: arguments[2])
        let predictor = try Predictor(package)
        var random = SplitMix(state: 1)
        let rows = (0..<rowCount).map { _ in row(predictor.inputs.count, using: &random) }
        var times: [UInt64] = []
        times.reserveCapacity(rowCount * rounds)
        var sum: Float = 0
        for round in 0...rounds {
            for row in rows {
                let start = nanoseconds()
                sum += try predictor.prediction(for: row)
                // The first round fills the caches.
                if round > 0 { times.append(nanoseconds() - start) }
            }
        }
        times.sort()
        write(
            "{\"inputs\": \(predictor.inputs.count), \"predictions\": \(times.count), "
                + "\"p50_ns\": \(times[times.count / 2]), "
                + "\"p99_ns\": \(times[times.count * 99 / 100]), "
                + "\"flat_trees\": \(predictor.fallbackReason == nil), \"sum\": \(sum)}", to: 1)
    }

    private static func row(_ count: Int, using random: inout SplitMix) -> [Float] {
        (0..<count).map { _ in
            Int.random(in: 0..<10, using: &random) == 0
                ? .nan : Float.random(in: -10...100, using: &random)
        }
    }

    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let line = Array((text + "\n").utf8)
        _ = unsafe Glibc.write(descriptor, line, line.count)
    }
}

/// Random numbers that are the same in every run (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
