import Definitions

extension MapShape {
    /// A file of `pipelines/`.
    package static let pipeline = MapShape(
        "a pipeline", about: "The rows that a model is trained on, and how.",
        keys: [
            .required("name", .identifier, "The pipeline's name."),
            .required("service", .identifier, "The service whose features are used."),
            .required("spine", .map(spine), "The rows that ask."),
            .optional("label", .text, "The column of the spine to predict."),
            .optional("features", .map(exclusions), "The columns that the model does not see."),
            .optional("split", .map(split), "Which rows are trained on, watched and tested."),
            .optional("trainer", .map(trainer), "What learns."),
        ] + annotations, groups: [training])

    static let spine = MapShape(
        "a spine", about: "The rows that a training set is built for.",
        keys: [
            .required("source", .identifier, "The source they are read from."),
            .required(
                "time", .text, "The column that says when each row asks.",
                remedy: "add `time:` with the column that says when it is asked"),
            .optional("where", .text, "Which rows are kept."),
            .optional("columns", .list(of: .text), "The columns that are kept; all unless given."),
        ], foreign: ["timestamp": "time", "event_time": "time"])

    /// How a pipeline trains: what the keys of a pipeline must be as soon as it has one of them.
    static let training = MapShape(
        "a pipeline",
        keys: [
            .required(
                "label", .text, "", remedy: "add `label:` with the column of the spine to predict"),
            .optional("features", .map(exclusions), ""),
            .required(
                "split", .map(split), "",
                remedy: "add `split:` with `train`, `validate` and `test`, each `[FROM, TO]`"),
            .required(
                "trainer", .map(trainer), "", remedy: "add `trainer:` with `kind: xgboost`"),
        ])

    static let exclusions = MapShape(
        "the features of a pipeline", about: "The columns that the model does not see.",
        keys: [.required("exclude", .list(of: .text), "Columns of the data set.")])

    static let split = MapShape(
        "a split", about: "A split by asking time.",
        keys: ["train", "validate", "test"].map { name in
            .required(
                name, .list(of: .time, atLeast: 2, atMost: 2),
                "From when on, and until when; the end does not belong to it.",
                remedy: "add `\(name): [FROM, TO]`")
        } + [
            .optional("embargo", .durationOrZero, "How long a label takes to become known.")
        ])

    static let trainer = MapShape(
        "a trainer", about: "What learns.",
        keys: [
            .required("kind", .text, "The kind of model.", remedy: "add `kind: xgboost`"),
            .optional("objective", .text, "What it minimises; what suits the label unless given."),
        ] + TrainerDefinition.numberNames.map { .optional($0, .scalar, "A number.") })
}
