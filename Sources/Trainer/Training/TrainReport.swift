public import Jobs
import Planning
import Values

/// What came of a training.
public struct TrainReport: Sendable {
    /// One input and how much it helped.
    public struct Importance: Hashable, Sendable {
        /// The column.
        public let column: String
        /// The mean gain of the splits on it.
        public let gain: Double
    }

    /// The package that was written.
    public let package: ModelPackage
    /// Its folder.
    public let path: String
    /// How many rows were used for what.
    public let counts: SplitCounts
    /// How many rounds the model has.
    public let rounds: Int
    /// The model on the validation rows.
    public let validation: Evaluation
    /// The model on the test rows.
    public let test: Evaluation
    /// A model without history features on the same test rows; nil when there is none to compare.
    public let baseline: Evaluation?
    /// The columns that the baseline sees.
    public let baselineInputs: [String]
    /// The inputs by falling gain.
    public let importance: [Importance]
    /// Why flat trees do not serve the model; nil when they predict all test rows bit for bit.
    public let flatTreesObstacle: String?
    /// The mean time of the processor that flat trees took for one test row; zero when they do not serve it.
    public let timePerRow: Duration

    init(package: ModelPackage, path: String, outcome: TrainOutcome) {
        self.package = package
        self.path = path
        counts = outcome.counts
        rounds = outcome.model.rounds
        validation = outcome.model.validation
        test = outcome.model.test
        baseline = outcome.baseline
        baselineInputs = outcome.baselineInputs
        importance = zip(package.inputs.flatMap(\.field.inputNames), outcome.model.gains)
            .map { Importance(column: $0, gain: $1) }
            .sorted { ($1.gain, $0.column) < ($0.gain, $1.column) }
        flatTreesObstacle = outcome.model.flatTrees.obstacle
        timePerRow = outcome.model.flatTrees.timePerRow
    }
}

extension TrainReport {
    /// `timePerRow` in microseconds.
    public var microsecondsPerRow: Double {
        let parts = timePerRow.components
        return Double(parts.seconds) * 1e6 + Double(parts.attoseconds) / 1e12
    }

    /// The report for programs.
    public var members: [JSONMember] {
        let named: KeyValuePairs<String, JSONValue> = [
            "model": .string(package.digest),
            "path": .string(path),
            "pipeline": .string(package.pipeline),
            "service": .string(package.service),
            "rounds": .count(rounds),
            "rows": counts.json,
            "validation": validation.json,
            "test": test.json,
            "baseline": baseline?.json ?? .null,
            "flat_trees_obstacle": .optional(flatTreesObstacle),
            "flat_trees_microseconds_per_row": .double(microsecondsPerRow),
            "importance": .array(
                importance.map {
                    .object(["column": .string($0.column), "gain": .double($0.gain)])
                }
            ),
        ]
        return named.map { JSONMember(name: $0.key, value: $0.value) }
    }
}

extension SplitCounts {
    /// The counts by name.
    var json: JSONValue {
        .object([
            "train": .count(train), "validate": .count(validate), "test": .count(test),
            "embargoed": .count(embargoed), "outside": .count(outside),
            "unlabelled": .count(unlabelled),
        ])
    }
}

extension Evaluation {
    /// The metrics by name; those that are not defined are null.
    var json: JSONValue {
        var members = [
            JSONMember(name: "rows", value: .count(rows)),
            JSONMember(name: "rmse", value: .number(rootMeanSquaredError)),
        ]
        if let classification { members += classification.members }
        return .object(members)
    }
}

extension Evaluation.Classification {
    fileprivate var members: [JSONMember] {
        let bins = calibration.bins.map { bin in
            JSONValue.object([
                "rows": .count(bin.rows), "predicted": .double(bin.predicted),
                "observed": .double(bin.observed),
            ])
        }
        let named: KeyValuePairs<String, JSONValue> = [
            "positives": .count(positives),
            "auc": .number(areaUnderROC),
            "average_precision": .number(averagePrecision),
            "log_loss": .number(logLoss),
            "brier": .number(brier),
            "expected_calibration_error": .number(calibration.expectedError),
            "calibration": .array(bins),
        ]
        return named.map { JSONMember(name: $0.key, value: $0.value) }
    }
}

extension JSONValue {
    /// A number, or null.
    fileprivate static func number(_ value: Double?) -> JSONValue {
        value.map(JSONValue.double) ?? .null
    }
}
