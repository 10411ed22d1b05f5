import Planning

/// One training: rounds of boosting until the validation rows gain no more.
struct BoostingRun {
    let library: XGBoostLibrary
    let settings: TrainerSettings
    /// Where predictions begin.
    let baseScore: Double
    /// Is told how many rounds were run.
    let tell: @Sendable (Int) -> Void

    /// What came of a training.
    struct Result: ~Copyable {
        let booster: XGBoostBooster
        /// How many rounds the model has: those up to the best validation.
        let rounds: Int
        /// The error on the validation rows after each round that was run.
        let errors: [Double]
    }

    /// Trains on `train` and stops by `validate`.
    func run(train: DatasetRows, validate: DatasetRows) throws -> Result {
        let training = try XGBoostMatrix(
            library: library, batches: train, bins: settings.bins, threads: settings.threads)
        let validation = try XGBoostMatrix(
            library: library, batches: validate, reference: training, bins: settings.bins,
            threads: settings.threads)
        let booster = try XGBoostBooster(
            library: library, parameters: settings.parameters(baseScore: baseScore),
            training: training, validation: validation)
        var stop = EarlyStop(patience: settings.earlyStopping)
        for round in 0..<settings.rounds where !stop.isReached {
            try booster.update(round: round, on: training)
            stop.add(try booster.error(round: round, on: validation))
            tell(round + 1)
        }
        return Result(
            booster: try booster.prefix(rounds: stop.bestRounds), rounds: stop.bestRounds,
            errors: stop.errors)
    }
}

/// When to stop: after `patience` rounds without a smaller error, 0 = never.
struct EarlyStop {
    let patience: Int
    private(set) var errors: [Double] = []
    /// How many rounds lead to the smallest error; the first of equal ones.
    private(set) var bestRounds = 0

    init(patience: Int) {
        self.patience = patience
    }

    var isReached: Bool { patience > 0 && errors.count - bestRounds >= patience }

    mutating func add(_ error: Double) {
        errors.append(error)
        if bestRounds == 0 || error < errors[bestRounds - 1] { bestRounds = errors.count }
    }
}

extension TrainerSettings {
    /// XGBoost's own names and values, all that decide the model.
    func parameters(baseScore: Double) -> [(name: String, value: String)] {
        [
            ("verbosity", "0"), ("booster", "gbtree"), ("tree_method", "hist"),
            ("objective", objective.rawValue), ("base_score", Float(baseScore).description),
            ("eval_metric", objective == .logistic ? "logloss" : "rmse"),
            ("max_depth", String(depth)), ("eta", learningRate.description),
            ("min_child_weight", minChildWeight.description), ("subsample", subsample.description),
            ("colsample_bytree", columnShare.description), ("lambda", l2.description),
            ("max_bin", String(bins)), ("seed", String(seed)), ("nthread", String(threads)),
        ]
    }
}
