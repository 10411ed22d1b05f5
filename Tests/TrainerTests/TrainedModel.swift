import Trainer

/// A model that the library trained on random rows.
struct TrainedModel {
    let bytes: [UInt8]
    let rows: RandomRows

    init(
        seed: UInt64, objective: String = "binary:logistic", baseScore: String = "0.5",
        rounds: Int = 30, columns: Int = 9, extra: [(name: String, value: String)] = []
    ) throws {
        let library = try XGBoostLibrary.open()
        rows = RandomRows(
            seed: seed, batchSizes: [700, 0, 900, 1], columns: columns,
            isBinary: objective.hasPrefix("binary"))
        let matrix = try XGBoostMatrix(library: library, batches: rows, bins: 64, threads: 2)
        let parameters: [(name: String, value: String)] = [
            ("verbosity", "0"), ("objective", objective), ("base_score", baseScore),
            ("tree_method", "hist"), ("max_depth", "6"), ("max_bin", "64"), ("seed", "7"),
            ("nthread", "2"),
        ]
        let booster = try XGBoostBooster(
            library: library, parameters: parameters + extra, training: matrix,
            validation: matrix)
        for round in 0..<rounds { try booster.update(round: round, on: matrix) }
        bytes = try booster.model()
    }

    /// What the library predicts for `rows`.
    func predictions(_ rows: FeatureRows) throws -> [Float] {
        try XGBoostBooster(library: XGBoostLibrary.open(), model: bytes, threads: 1)
            .predictions(rows)
    }
}
