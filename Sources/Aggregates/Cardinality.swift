// The estimate of a HyperLogLog from how often each register value occurs (Ertl, "New cardinality
// estimation algorithms for HyperLogLog sketches", 2017, algorithm 6): without the thresholds and
// tables of bias of the original. It needs sums, products and square roots only, which IEEE 754
// defines to the last bit, so the estimate is the same everywhere.

/// The estimated number of distinct hashes.
///
/// - Parameter multiplicities: how many registers have the value 0, 1, ... `greatestRank`.
/// - Returns: more than `DistinctSketch.exactLimit`, because there are registers only beyond it.
package func cardinality(multiplicities: [Int]) -> Int64 {
    let registers = Double(DistinctSketch.registerCount)
    let last = DistinctSketch.greatestRank
    var sum = registers * upperCorrection(1 - Double(multiplicities[last]) / registers)
    for rank in stride(from: last - 1, through: 1, by: -1) {
        sum = 0.5 * (sum + Double(multiplicities[rank]))
    }
    sum += registers * lowerCorrection(Double(multiplicities[0]) / registers)
    // 1 / (2 ln 2)
    let estimate = 0.721_347_520_444_481_7 * registers * registers / sum
    let least = Int64(DistinctSketch.exactLimit) + 1
    guard estimate < 0x1p63 else { return .max }
    return max(least, Int64((estimate + 0.5).rounded(.down)))
}

/// `x + sum over k of x^(2^k) * 2^(k - 1)`: what registers that are still zero tell.
private func lowerCorrection(_ share: Double) -> Double {
    if share == 1 { return .infinity }
    var (power, factor, sum) = (share, 1.0, share)
    while true {
        power *= power
        let next = sum + power * factor
        factor += factor
        if next == sum { return sum }
        sum = next
    }
}

/// `(1 - x - sum over k of (1 - x^(2^-k))^2 * 2^-k) / 3`: what registers at the end of their range
/// tell.
private func upperCorrection(_ share: Double) -> Double {
    if share == 0 || share == 1 { return 0 }
    var (root, factor, sum) = (share, 1.0, 1 - share)
    while true {
        root = root.squareRoot()
        factor *= 0.5
        let next = sum - (1 - root) * (1 - root) * factor
        if next == sum { return sum / 3 }
        sum = next
    }
}
