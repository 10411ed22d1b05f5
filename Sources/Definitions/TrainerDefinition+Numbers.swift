extension TrainerDefinition {
    /// The settings that are numbers, in the order of the documentation.
    public static let numberNames = [
        "rounds", "early_stopping", "learning_rate", "depth", "min_child_weight", "subsample",
        "column_share", "l2", "bins", "seed", "threads",
    ]
}
