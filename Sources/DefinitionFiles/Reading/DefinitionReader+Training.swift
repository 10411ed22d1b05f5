import Definitions
import Values

extension DefinitionReader {
    static let trainingKeys = ["label", "features", "split", "trainer"]

    /// How the pipeline `map` trains; nil when it does not train, or after reporting why not.
    mutating func training(_ map: MapReader) -> TrainingDefinition? {
        guard Self.trainingKeys.contains(where: { map.entry($0) != nil }) else { return nil }
        let label = required(
            "label", in: map, hint: "add `label:` with the column of the spine to predict"
        ).flatMap { word($0, "`label`") }
        let excluded = optional("features", in: map).map { exclusions($0) } ?? []
        let split = required(
            "split", in: map,
            hint: "add `split:` with `train`, `validate` and `test`, each `[FROM, TO]`"
        ).flatMap { self.split($0) }
        let trainer = required("trainer", in: map, hint: "add `trainer:` with `kind: xgboost`")
            .flatMap { self.trainer($0) }
        guard let label, let split, let trainer else { return nil }
        return TrainingDefinition(
            label: label, excluded: excluded, split: split, trainer: trainer)
    }

    private mutating func exclusions(_ node: YAMLNode) -> [Name] {
        guard let map = map(node, "the features of a pipeline", keys: ["exclude"]),
            let node = required("exclude", in: map), let items = list(node, "`exclude`")
        else { return [] }
        return items.compactMap { word($0, "a column that is left out") }
    }

    private mutating func split(_ node: YAMLNode) -> SplitDefinition? {
        let keys = ["train", "validate", "test", "embargo"]
        guard let map = map(node, "a split", keys: keys) else { return nil }
        let train = interval("train", in: map)
        let validate = interval("validate", in: map)
        let test = interval("test", in: map)
        let embargo = optional("embargo", in: map).flatMap { node in
            parsed(node, "`embargo`") { text throws(Diagnostic) in
                try DurationText.nonnegative(text)
            }
        }
        guard let train, let validate, let test else { return nil }
        return SplitDefinition(train: train, validate: validate, test: test, embargo: embargo)
    }

    private mutating func interval(_ key: String, in map: MapReader) -> IntervalDefinition? {
        guard let node = required(key, in: map, hint: "add `\(key): [FROM, TO]`"),
            let items = list(node, "`\(key)`")
        else { return nil }
        guard items.count == 2 else {
            report(
                node, "`\(key)` must hold two times, not \(items.count)",
                hint: "write `\(key): [2013-01-01, 2013-10-01]`; the end does not belong to it")
            return nil
        }
        let times = items.compactMap { item in
            parsed(item, "a time of `\(key)`") { text throws(Diagnostic) in
                try TimeText.located(text)
            }
        }
        return times.count == 2 ? IntervalDefinition(from: times[0], to: times[1]) : nil
    }

    private mutating func trainer(_ node: YAMLNode) -> TrainerDefinition? {
        let keys = ["kind", "objective"] + TrainerDefinition.numberNames
        guard let map = map(node, "a trainer", keys: keys) else { return nil }
        let kind = required("kind", in: map, hint: "add `kind: xgboost`")
            .flatMap { word($0, "`kind`") }
        let objective = optional("objective", in: map).flatMap { word($0, "`objective`") }
        let numbers = map.entries.filter { TrainerDefinition.numberNames.contains($0.key) }
            .compactMap { entry -> NumberSetting? in
                guard let name = word(entry.keyNode, "a setting"),
                    let node = optional(entry.key, in: map),
                    let text = word(node, "`\(entry.key)`")
                else { return nil }
                return NumberSetting(name: name, text: text)
            }
        guard let kind else { return nil }
        return TrainerDefinition(kind: kind, objective: objective, numbers: numbers)
    }
}
