public import Columns
import Jobs
public import Planning
import Synchronization
import Values

/// Predicts for rows of a service's answer; from any thread.
public final class Predictor: Sendable {
    /// What evaluates the trees.
    private enum Engine: Sendable {
        case flat(FlatTrees)
        case library(LibraryPredictor)
    }

    /// The model's digest.
    public let digest: String
    /// The columns that the model sees.
    public let inputs: [ModelInput]
    /// Why the library predicts, and not flat trees; nil when flat trees do.
    public let fallbackReason: String?
    private let encoder: FeatureEncoder
    private let engine: Engine

    /// Makes a model ready: flat trees where they implement it, else the library.
    ///
    /// - Parameter package: the model; check it against the service before.
    /// - Throws: `corrupt` for a damaged model; `library` when XGBoost is needed and missing.
    public init(_ package: ModelPackage) throws(TrainerError) {
        digest = package.digest
        inputs = package.inputs
        encoder = try FeatureEncoder(package.inputs.map(\.field))
        var reason = package.document["flat_trees_obstacle"]?.text
        var trees: FlatTrees?
        if reason == nil {
            do throws(TrainerError) {
                trees = try FlatTrees(model: package.model)
            } catch {
                guard error.code == .unsupported else { throw error }
                reason = error.message
            }
        }
        fallbackReason = reason
        guard let trees else {
            engine = .library(try LibraryPredictor(package.model))
            return
        }
        guard trees.columnCount == encoder.inputNames.count else {
            throw TrainerError(
                .corrupt,
                "the model \(package.shortDigest) has \(trees.columnCount) columns and "
                    + "names \(encoder.inputNames.count)")
        }
        engine = .flat(trees)
    }

    /// One prediction per row: a probability or a number.
    ///
    /// - Parameter batch: has the columns of `inputs`, by name; others are ignored.
    /// - Throws: `usage` for a missing column or one of another type.
    /// - Returns: the predictions in the order of the rows; none for no row.
    public func predictions(for batch: ColumnBatch) throws(TrainerError) -> [Float] {
        try predictions(for: encoder.rows(of: batch))
    }

    /// The prediction for one row of numbers in the order of `inputs`, NaN where one is missing.
    ///
    /// What a caller asks who has encoded the row already. There must be one number per input.
    public func prediction(for row: [Float]) throws(TrainerError) -> Float {
        precondition(row.count == inputs.count, "a row of another model")
        switch engine {
        case .flat(let trees): return trees.prediction(row)
        case .library(let library):
            let rows = FeatureRows(
                values: FixedValues(row), labels: FixedValues([]), columnCount: row.count)
            return try library.predictions(rows)[0]
        }
    }

    /// One prediction per row of numbers, in the order of `inputs`.
    package func predictions(for rows: FeatureRows) throws(TrainerError) -> [Float] {
        switch engine {
        case .flat(let trees): trees.predictions(rows)
        case .library(let library): try library.predictions(rows)
        }
    }
}

/// A model inside the library, for one thread at a time.
private final class LibraryPredictor: Sendable {
    private let booster: Mutex<XGBoostBooster>

    init(_ model: [UInt8]) throws(TrainerError) {
        booster = Mutex(try XGBoostBooster(library: .open(), model: model, threads: 1))
    }

    func predictions(_ rows: FeatureRows) throws(TrainerError) -> [Float] {
        try booster.withLock { booster throws(TrainerError) in try booster.predictions(rows) }
    }
}
