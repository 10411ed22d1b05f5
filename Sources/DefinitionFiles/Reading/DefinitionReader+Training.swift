import Definitions
import Values

extension DefinitionReader {
    /// How the pipeline `map` trains; nil when it does not train, or after reporting why not.
    mutating func training(_ pipeline: MapReader) -> TrainingDefinition? {
        let names = MapShape.training.names
        guard names.contains(where: { pipeline.entry($0) != nil }) else { return nil }
        let map = MapReader(
            shape: .training, node: pipeline.node,
            entries: pipeline.entries.filter { names.contains($0.key) })
        let label = value("label", in: map).flatMap { word($0, "`label`") }
        let excluded = value("features", in: map).map { exclusions($0) } ?? []
        let split = value("split", in: map).flatMap { self.split($0) }
        let trainer = value("trainer", in: map).flatMap { self.trainer($0) }
        guard let label, let split, let trainer else { return nil }
        return TrainingDefinition(
            label: label, excluded: excluded, split: split, trainer: trainer)
    }

    private mutating func exclusions(_ node: YAMLNode) -> [Name] {
        guard let map = map(node, .exclusions),
            let node = value("exclude", in: map), let items = list(node, "`exclude`")
        else { return [] }
        return items.compactMap { word($0, "a column that is left out") }
    }

    private mutating func split(_ node: YAMLNode) -> SplitDefinition? {
        guard let map = map(node, .split) else { return nil }
        let train = interval("train", in: map)
        let validate = interval("validate", in: map)
        let test = interval("test", in: map)
        let embargo = value("embargo", in: map).flatMap { node in
            parsed(node, "`embargo`") { text throws(Diagnostic) in
                try DurationText.nonnegative(text)
            }
        }
        guard let train, let validate, let test else { return nil }
        return SplitDefinition(train: train, validate: validate, test: test, embargo: embargo)
    }

    private mutating func interval(_ key: String, in map: MapReader) -> IntervalDefinition? {
        guard let node = value(key, in: map),
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
        guard let map = map(node, .trainer) else { return nil }
        let kind = value("kind", in: map).flatMap { word($0, "`kind`") }
        let objective = value("objective", in: map).flatMap { word($0, "`objective`") }
        let numbers = map.entries.filter { TrainerDefinition.numberNames.contains($0.key) }
            .compactMap { entry -> NumberSetting? in
                guard let name = word(entry.keyNode, "a setting"),
                    let node = value(entry.key, in: map),
                    let text = word(node, "`\(entry.key)`")
                else { return nil }
                return NumberSetting(name: name, text: text)
            }
        guard let kind else { return nil }
        return TrainerDefinition(kind: kind, objective: objective, numbers: numbers)
    }
}
