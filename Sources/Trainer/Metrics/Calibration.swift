/// How well predicted probabilities agree with what happened, in bins of equal width.
public struct Calibration: Hashable, Sendable {
    /// The rows whose prediction lies in one bin.
    public struct Bin: Hashable, Sendable {
        /// How many rows.
        public let rows: Int
        /// The mean prediction.
        public let predicted: Double
        /// The share of rows that were true.
        public let observed: Double
    }

    /// The bins that have rows, from low to high predictions.
    public let bins: [Bin]
    /// The mean distance between prediction and outcome, weighted by rows; nil without rows.
    public let expectedError: Double?

    /// Sorts probabilities into `count` bins; a bin holds its upper edge, and the first holds 0.
    init(labels: [Bool], probabilities: [Double], count: Int = 10) {
        precondition(count > 0 && labels.count == probabilities.count)
        var rows = [Int](repeating: 0, count: count)
        var positives = rows
        var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
        let edges = (1..<count).map { Double($0) * (1 / Double(count)) }
        for (label, probability) in zip(labels, probabilities) {
            let bin = edges.firstIndex { probability <= $0 } ?? count - 1
            rows[bin] += 1
            positives[bin] += label ? 1 : 0
            sums[bin].add(probability)
        }
        bins = (0..<count).filter { rows[$0] > 0 }.map { bin in
            Bin(
                rows: rows[bin], predicted: sums[bin].value / Double(rows[bin]),
                observed: Double(positives[bin]) / Double(rows[bin]))
        }
        var distance = CompensatedSum()
        for bin in bins {
            let share = Double(bin.rows) / Double(labels.count)
            distance.add(share * (bin.predicted - bin.observed).magnitude)
        }
        expectedError = labels.isEmpty ? nil : distance.value
    }
}
