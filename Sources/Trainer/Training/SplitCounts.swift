import Columns
import Parquet
import Planning

/// How many rows of a data set belong to each part, and what their labels are.
public struct SplitCounts: Hashable, Sendable {
    /// Rows of the training interval that are trained on.
    public internal(set) var train = 0
    /// Rows of the validation interval that say when to stop.
    public internal(set) var validate = 0
    /// Rows of the test interval.
    public internal(set) var test = 0
    /// Rows whose label was not known when the next part begins.
    public internal(set) var embargoed = 0
    /// Rows in no interval.
    public internal(set) var outside = 0
    /// Rows without a label.
    public internal(set) var unlabelled = 0
}

/// The labels of the parts of a data set.
struct SplitLabels {
    private(set) var counts = SplitCounts()
    /// The labels of each part that is used, in the order of the rows.
    private(set) var train: [Float] = []
    private(set) var validate: [Float] = []
    private(set) var test: [Float] = []

    /// Reads the asking times and labels of all rows.
    init(_ file: ParquetFile, time: String, label: String, split: TimeSplit) throws {
        for group in file.rowGroups.indices {
            let batch = try file.read(rowGroup: group, columns: [time, label])
            let keys = try RowKeys(batch, time: time, label: label)
            for row in 0..<batch.rowCount { add(keys.part(of: row, in: split), keys.labels[row]) }
        }
        counts.train = train.count
        counts.validate = validate.count
        counts.test = test.count
    }

    private mutating func add(_ part: TimeSplit.Part?, _ label: Float) {
        switch part {
        case .train: train.append(label)
        case .validate: validate.append(label)
        case .test: test.append(label)
        case .embargoed: counts.embargoed += 1
        case .outside: counts.outside += 1
        case nil: counts.unlabelled += 1
        }
    }

    /// Refuses parts that nothing can be learned from.
    func check(for objective: TrainerSettings.Objective) throws(TrainerError) {
        for (name, labels) in [("train", train), ("validate", validate), ("test", test)] {
            if labels.isEmpty {
                throw TrainerError(
                    .dataQuality, "no row with a label lies in the interval '\(name)'",
                    hint: "compare 'split' with the asking times of the data set")
            }
            guard objective == .logistic else { continue }
            if let other = labels.first(where: { $0 != 0 && $0 != 1 }) {
                throw TrainerError(
                    .dataQuality, "the label \(other) is neither 0 nor 1",
                    hint: "write 'objective: reg:squarederror' to predict numbers")
            }
            if labels.allSatisfy({ $0 == labels[0] }) {
                throw TrainerError(
                    .dataQuality, "all labels of '\(name)' are \(labels[0] == 1)",
                    hint: "choose an interval in which both happen")
            }
        }
    }

    /// The mean label of the training rows, where predictions begin.
    var meanOfTraining: Double {
        var sum = CompensatedSum()
        for label in train { sum.add(Double(label)) }
        return sum.value / Double(train.count)
    }
}
