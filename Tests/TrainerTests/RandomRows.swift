import Columns
import TestSupport
import Trainer

/// Random rows with labels that depend on them, some values missing, some tied, some extreme.
struct RandomRows: FeatureBatches {
    let batches: [FeatureRows]

    var batchCount: Int { batches.count }

    var all: FeatureRows {
        var values: [Float] = []
        var labels: [Float] = []
        for batch in batches {
            for index in 0..<batch.values.count { values.append(batch.values[index]) }
            for index in 0..<batch.labels.count { labels.append(batch.labels[index]) }
        }
        return FeatureRows(
            values: FixedValues(values), labels: FixedValues(labels),
            columnCount: batches[0].columnCount)
    }

    init(seed: UInt64, batchSizes: [Int], columns: Int, isBinary: Bool = true) {
        var random = SeededGenerator(seed: seed)
        batches = batchSizes.map { rows in
            var values: [Float] = []
            var labels: [Float] = []
            for _ in 0..<rows {
                let row = (0..<columns).map { column in
                    Self.value(column: column, using: &random)
                }
                var signal = Float.random(in: -1...1, using: &random)
                for (column, value) in row.enumerated() where column < 3 && value.isFinite {
                    signal += min(max(value, -3), 3) / Float(column + 1)
                }
                values += row
                labels.append(isBinary ? (signal > 0.8 ? 1 : 0) : signal)
            }
            return FeatureRows(
                values: FixedValues(values), labels: FixedValues(labels), columnCount: columns)
        }
    }

    func rows(batch: Int) -> FeatureRows { batches[batch] }

    private static func value(
        column: Int, using random: inout SeededGenerator
    ) -> Float {
        switch Int.random(in: 0..<40, using: &random) {
        case 0...3: return .nan
        case 4: return 0
        case 5: return -0.0
        case 6: return .greatestFiniteMagnitude
        case 7: return -.greatestFiniteMagnitude
        case 8: return .leastNonzeroMagnitude
        default:
            let value = Float.random(in: -3...3, using: &random)
            return column % 2 == 0 ? value : (value * 2).rounded()
        }
    }
}
