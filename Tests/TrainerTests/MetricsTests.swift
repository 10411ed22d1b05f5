import Foundation
import TestSupport
import Testing
import Trainer

@Suite("Metrics")
struct MetricsTests {
    struct Case: Codable {
        let labels: [Int]
        let scores: [Double]
    }

    struct Judgement: Codable {
        let auc: Double?
        let average_precision: Double?
        let log_loss: Double
        let brier: Double?
        let rmse: Double
        let expected_error: Double
    }

    @Test("are those of scikit-learn within 1e-12", arguments: [1, 2, 3] as [UInt64])
    func agree(seed: UInt64) throws {
        let cases = Self.cases(seed: seed)
        let folder = try TemporaryFolder()
        try JSONEncoder().encode(cases).write(to: URL(filePath: folder.file("cases.json")))
        let printed = try JudgeProcess.python("score_metrics.py", [folder.file("cases.json")])
        let judgements = try JSONDecoder().decode([Judgement].self, from: Data(printed.utf8))
        #expect(judgements.count == cases.count)
        for (number, (example, expected)) in zip(cases, judgements).enumerated() {
            let found = Evaluation(
                labels: example.labels.map { $0 == 1 }, probabilities: example.scores)
            let classes = try #require(found.classification)
            let name = "seed \(seed), case \(number)"
            expectEqual(classes.areaUnderROC, expected.auc, "AUC, \(name)")
            expectEqual(classes.averagePrecision, expected.average_precision, "PR, \(name)")
            expectEqual(classes.logLoss, expected.log_loss, "log loss, \(name)")
            if expected.brier != nil {
                expectEqual(classes.brier, expected.brier, "Brier, \(name)")
            }
            expectEqual(found.rootMeanSquaredError, expected.rmse, "RMSE, \(name)")
            expectEqual(
                classes.calibration.expectedError, expected.expected_error, "ECE, \(name)")
        }
    }

    @Test("that are not defined are nil, never a number")
    func undefined() throws {
        let empty = try #require(Evaluation(labels: [], probabilities: []).classification)
        #expect(empty.areaUnderROC == nil && empty.averagePrecision == nil)
        #expect(empty.logLoss == nil && empty.brier == nil)
        #expect(empty.calibration.bins.isEmpty && empty.calibration.expectedError == nil)
        let allFalse = try #require(
            Evaluation(labels: [false, false], probabilities: [0.1, 0.2]).classification)
        #expect(allFalse.areaUnderROC == nil && allFalse.averagePrecision == nil)
        let allTrue = try #require(
            Evaluation(labels: [true, true], probabilities: [0.1, 0.2]).classification)
        #expect(allTrue.areaUnderROC == nil && allTrue.averagePrecision == 1)
        #expect(Evaluation(labels: [] as [Double], predictions: []).rootMeanSquaredError == nil)
    }

    @Test("of numbers are the root of the mean squared error")
    func numbers() {
        let found = Evaluation(labels: [1, 2, 3, 4], predictions: [1, 2, 3, 8])
        #expect(found.rootMeanSquaredError == 2)
        #expect(found.classification == nil)
    }

    private func expectEqual(_ found: Double?, _ expected: Double?, _ name: String) {
        guard let found, let expected else {
            #expect(found == nil && expected == nil, "\(name)")
            return
        }
        #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)), "\(name)")
    }

    /// Random cases with and without ties, then the corners.
    private static func cases(seed: UInt64) -> [Case] {
        var random = SeededGenerator(seed: seed)
        var cases: [Case] = []
        for round in 0..<40 {
            let rows = Int.random(in: 2...3000, using: &random)
            let steps = [3.0, 10, 100, 1e15][round % 4]
            let share = Double.random(in: 0.01...0.99, using: &random)
            var labels = (0..<rows).map { _ in Double.random(in: 0...1, using: &random) < share }
            labels[0] = true
            let scores = labels.map { label in
                let score = Double.random(in: 0...1, using: &random)
                let drawn = label && Bool.random(using: &random) ? score.squareRoot() : score
                return (drawn * steps).rounded() / steps
            }
            cases.append(Case(labels: labels.map { $0 ? 1 : 0 }, scores: scores))
        }
        return cases + [
            Case(labels: [0, 1], scores: [0.5, 0.5]),
            Case(labels: [0, 1], scores: [0, 1]),
            Case(labels: [1, 0], scores: [0, 1]),
            Case(labels: [0, 0, 0], scores: [0.1, 0.2, 0.2]),
            Case(labels: [1, 1], scores: [0.3, 1]),
            Case(labels: [1], scores: [0.25]),
            Case(labels: [0, 1, 1, 0], scores: [0.1, 0.2, 0.3, 0.7000000000000001]),
        ]
    }
}
