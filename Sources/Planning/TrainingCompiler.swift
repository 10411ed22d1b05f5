import Definitions
import Expressions
public import Values

extension Diagnostics {
    /// Compiles `training`, keeping what is wrong with it.
    ///
    /// - Parameters:
    ///   - training: what a person wrote.
    ///   - service: the features that the model may see.
    ///   - place: where the pipeline names the service.
    ///   - columns: the spine's columns; nil when they are wrong already.
    /// - Returns: the plan, or nil when something is wrong with it.
    mutating func collect(
        _ training: TrainingDefinition, for service: ServicePlan, at place: Name,
        columns: [Field]?
    ) -> TrainingPlan? {
        var compiler = TrainingCompiler(training: training, service: service, place: place)
        let plan = compiler.compile(columns: columns)
        for diagnostic in compiler.diagnostics.all { report(diagnostic) }
        return plan
    }
}

private struct TrainingCompiler {
    let training: TrainingDefinition
    let service: ServicePlan
    /// Where the pipeline names the service, which is where its columns come from.
    let place: Name
    var diagnostics = Diagnostics()

    mutating func compile(columns: [Field]?) -> TrainingPlan? {
        let inputs = inputs()
        let split = split()
        let label = columns.flatMap { findLabel(among: $0) }
        let settings = trainer(for: label)
        guard let label, let split, let settings, diagnostics.isEmpty else { return nil }
        return TrainingPlan(label: label, inputs: inputs, split: split, trainer: settings)
    }

    private mutating func findLabel(among columns: [Field]) -> Field? {
        let name = training.label
        guard let field = columns.first(where: { $0.name == name.value }) else {
            diagnostics.report(
                name.diagnostic(
                    "the spine has no column `\(name.value)` to predict",
                    hint: remedy(for: name.value, among: columns.map(\.name))))
            return nil
        }
        if service.request.contains(where: { $0.name == field.name }) {
            diagnostics.report(
                name.diagnostic(
                    "the label `\(field.name)` is request data of `\(service.name)`",
                    hint: "a model must not see what it predicts: name another column"))
        }
        guard field.type.isLabel else {
            diagnostics.report(
                name.diagnostic(
                    "the label `\(field.name)` is \(field.type.withArticle)",
                    hint: "compute a bool or a number from it under `columns:` of the source"))
            return nil
        }
        return field
    }

    private mutating func inputs() -> [ModelInput] {
        let candidates = service.modelInputs
        let names = candidates.map(\.field.name)
        reportDuplicates(training.excluded, "column", to: &diagnostics)
        for name in training.excluded where !names.contains(name.value) {
            diagnostics.report(
                name.diagnostic(
                    "`\(service.name)` has no column `\(name.value)` to leave out",
                    hint: remedy(for: name.value, among: names)))
        }
        let excluded = Set(training.excluded.map(\.value))
        let inputs = candidates.filter { !excluded.contains($0.field.name) }
        for input in inputs where !input.field.type.isModelInput {
            diagnostics.report(
                place.diagnostic(
                    "the column `\(input.field.name)` of `\(service.name)` is "
                        + "\(input.field.type.withArticle), and trees take numbers and bools",
                    hint: input.field.type.remedyForTrees))
        }
        if inputs.isEmpty {
            diagnostics.report(
                (training.excluded.first ?? place).diagnostic(
                    "no column is left to train on", hint: "shorten `exclude`"))
        }
        return inputs
    }

    private mutating func split() -> TimeSplit? {
        let split = training.split
        let intervals = [split.train, split.validate, split.test].compactMap { interval($0) }
        guard intervals.count == 3 else { return nil }
        let starts = [split.validate.from, split.test.from]
        for (start, (before, name)) in zip(
            starts, [(intervals[0], "train"), (intervals[1], "validate")])
        where start.value < before.to {
            diagnostics.report(
                start.diagnostic(
                    "\(start.value) is before the end of `\(name)`, \(before.to)",
                    hint: "the parts follow one another: train, validate, test"))
        }
        guard intervals[0].to <= intervals[1].from, intervals[1].to <= intervals[2].from else {
            return nil
        }
        return TimeSplit(
            train: intervals[0], validate: intervals[1], test: intervals[2],
            embargo: split.embargo?.value ?? .zero)
    }

    private mutating func interval(_ interval: IntervalDefinition) -> Interval? {
        guard interval.from.value < interval.to.value else {
            diagnostics.report(
                interval.to.diagnostic(
                    "the interval ends at \(interval.to.value), not after its start",
                    hint: "write `[FROM, TO]`; the end does not belong to it"))
            return nil
        }
        return Interval(from: interval.from.value, to: interval.to.value)
    }

    private mutating func trainer(for label: Field?) -> TrainerSettings? {
        let trainer = training.trainer
        if trainer.kind.value != "xgboost" {
            diagnostics.report(
                trainer.kind.diagnostic(
                    "there is no trainer `\(trainer.kind.value)`", hint: "write `kind: xgboost`"))
        }
        guard let objective = objective(for: label) else { return nil }
        var settings = TrainerSettings(objective: objective)
        for number in trainer.numbers {
            diagnostics.collect { () throws(Diagnostic) in try settings.set(number) }
        }
        return settings
    }

    private mutating func objective(for label: Field?) -> TrainerSettings.Objective? {
        guard let name = training.trainer.objective else {
            return label?.type == .bool ? .logistic : .squaredError
        }
        let known = TrainerSettings.Objective.allCases.map(\.rawValue)
        guard let objective = TrainerSettings.Objective(rawValue: name.value) else {
            diagnostics.report(
                name.diagnostic(
                    "there is no objective `\(name.value)`",
                    hint: remedy(for: name.value, among: known)))
            return nil
        }
        return objective
    }
}

extension ServicePlan {
    /// All columns that a model of this service could see, in order.
    var modelInputs: [ModelInput] {
        var origins = Set(request.map(\.name))
        let requests = request.map { ModelInput(field: $0, origin: .request, isHistoric: false) }
        let features = features.map { feature in
            ModelInput(
                field: Field(name: feature.column, type: feature.type), origin: .feature,
                isHistoric: true)
        }
        let derived = derived.map { feature in
            let isHistoric = !origins.isSuperset(of: feature.expression.referencedColumns)
            if !isHistoric { origins.insert(feature.name) }
            return ModelInput(
                field: Field(name: feature.name, type: feature.expression.type),
                origin: .derived, isHistoric: isHistoric)
        }
        return requests + features + derived
    }
}

extension DataType {
    /// Whether a model can be trained to predict it.
    public var isLabel: Bool { self == .bool || isNumeric || isDecimal }

    /// Whether trees can be given it as numbers, without a choice that a person should make: a
    /// vector is as many inputs as it is long.
    public var isModelInput: Bool {
        if case .vector = self { true } else { isLabel }
    }

    fileprivate var remedyForTrees: String {
        switch self {
        case .timestamp, .date:
            "derive a number from it, such as `(asked - it) / hours(1)`, and add it to `exclude`"
        case .string, .bytes:
            "derive a number from it, or key an entity by it; then add it to `exclude`"
        case .list:
            "lists differ in length: derive numbers from it, or declare vector<float, n>; then "
                + "add it to `exclude`"
        default: "derive a number from it, and add it to `exclude`"
        }
    }
}
