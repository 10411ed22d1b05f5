import Glibc

/// How good predictions are, as scikit-learn defines each number.
public struct Evaluation: Hashable, Sendable {
    /// The numbers that exist for labels that are true or false only.
    public struct Classification: Hashable, Sendable {
        /// How many rows are true.
        public let positives: Int
        /// The area under the ROC curve; nil when only one class is there.
        public let areaUnderROC: Double?
        /// The average precision (area under the precision-recall curve); nil when none is true.
        public let averagePrecision: Double?
        /// The mean negative logarithm of the probability given to what happened.
        public let logLoss: Double?
        /// The mean squared distance between probability and outcome.
        public let brier: Double?
        /// Predictions against outcomes.
        public let calibration: Calibration
    }

    /// How many rows were predicted.
    public let rows: Int
    /// The root of the mean squared error; nil without rows.
    public let rootMeanSquaredError: Double?
    /// The numbers for labels that are true or false; nil for others.
    public let classification: Classification?

    /// Judges predictions of numbers.
    public init(labels: [Double], predictions: [Double]) {
        precondition(labels.count == predictions.count)
        rows = labels.count
        rootMeanSquaredError = meanSquaredError(labels, predictions)?.squareRoot()
        classification = nil
    }

    /// Judges predicted probabilities, which lie between 0 and 1.
    public init(labels: [Bool], probabilities: [Double]) {
        precondition(labels.count == probabilities.count)
        let ranked = RankedScores(labels: labels, scores: probabilities)
        let brier = meanSquaredError(labels.map { $0 ? 1 : 0 }, probabilities)
        rows = labels.count
        rootMeanSquaredError = brier?.squareRoot()
        classification = Classification(
            positives: labels.count { $0 }, areaUnderROC: ranked.areaUnderROC,
            averagePrecision: ranked.averagePrecision, logLoss: logLoss(labels, probabilities),
            brier: brier,
            calibration: Calibration(labels: labels, probabilities: probabilities))
    }
}

private func meanSquaredError(_ labels: [Double], _ predictions: [Double]) -> Double? {
    var sum = CompensatedSum()
    for (label, prediction) in zip(labels, predictions) {
        sum.add((label - prediction) * (label - prediction))
    }
    return labels.isEmpty ? nil : sum.value / Double(labels.count)
}

/// Probabilities of 0 and 1 are moved by the smallest step of a double near 1, so that one wrong
/// certainty costs much but not everything.
private func logLoss(_ labels: [Bool], _ probabilities: [Double]) -> Double? {
    let step = Double.ulpOfOne
    var sum = CompensatedSum()
    for (label, probability) in zip(labels, probabilities) {
        let clipped = min(max(probability, step), 1 - step)
        sum.add(-log(label ? clipped : 1 - clipped))
    }
    return labels.isEmpty ? nil : sum.value / Double(labels.count)
}
