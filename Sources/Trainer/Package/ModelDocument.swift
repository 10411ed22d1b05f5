import Jobs
import Planning
import Values

/// What `model.json` says. It holds no time stamp, so the same training writes the same package.
struct ModelDocument {
    /// What decides the model: equal identities give equal packages.
    let identity: String
    private let decisive: [JSONMember]
    private let inputs: [ModelInput]

    init(pipeline: PipelinePlan, training: TrainingPlan, dataset: String, library: String) {
        let service = pipeline.service
        let named: KeyValuePairs<String, JSONValue> = [
            "format": .integer(ModelPackage.format),
            "pipeline": .string(pipeline.name),
            "project": .string(service.project),
            "service": .string(service.name),
            "service_identity": .string(service.identity.description),
            "dataset_identity": .string(dataset),
            "library": .string("xgboost \(library)"),
            "label": .object([
                "column": .string(training.label.name),
                "type": .string(training.label.type.description),
            ]),
            "split": training.split.json,
            "trainer": training.trainer.json,
            "features": .array(service.pinnedFeatures.map(\.json)),
        ]
        decisive = named.map { JSONMember(name: $0.key, value: $0.value) }
        inputs = training.inputs
        let columns = inputs.map { JSONValue.string("\($0.field.name) \($0.field.type)") }
        let text = JSONValue.array([.object(decisive), .array(columns)]).line
        identity = hexadecimal(SHA256.hash(Array(text.utf8)))
    }

    /// The whole document.
    func json(_ outcome: TrainOutcome) -> JSONValue {
        let model = outcome.model
        var gains = model.gains[...]
        let columns = inputs.map { input in
            let own = gains.prefix(input.field.type.inputCount)
            gains = gains.dropFirst(own.count)
            return JSONValue.object([
                "column": .string(input.field.name),
                "type": .string(input.field.type.description),
                "origin": .string(input.origin.rawValue),
                "historic": .bool(input.isHistoric),
                "gain": input.field.type == .vector(length: own.count)
                    ? .array(own.map(JSONValue.double)) : .double(own.first ?? 0),
            ])
        }
        let named: KeyValuePairs<String, JSONValue> = [
            "training_identity": .string(identity),
            "inputs": .array(columns),
            "rounds": .count(model.rounds),
            "rounds_run": .count(model.roundsRun),
            "rows": outcome.counts.json,
            "metrics": .object([
                "validation": model.validation.json,
                "test": model.test.json,
                "baseline": outcome.baseline?.json ?? .null,
            ]),
            "baseline_inputs": .array(outcome.baselineInputs.map(JSONValue.string)),
            "flat_trees_obstacle": .optional(model.flatTrees.obstacle),
            "files": .object([
                JSONMember(
                    name: ModelPackage.modelName,
                    value: .object([
                        "bytes": .count(model.bytes.count),
                        "sha256": .string(hexadecimal(SHA256.hash(model.bytes))),
                    ]))
            ]),
        ]
        return .object(decisive + named.map { JSONMember(name: $0.key, value: $0.value) })
    }
}

extension ModelPackage.PinnedFeature {
    fileprivate var json: JSONValue {
        .object([
            "column": .string(column), "digest": .string(digest),
            "for": .array(roles.map(JSONValue.string)),
        ])
    }
}

extension TimeSplit {
    fileprivate var json: JSONValue {
        .object([
            "train": train.json, "validate": validate.json, "test": test.json,
            "embargo": .string(embargo.description),
        ])
    }
}

extension Interval {
    fileprivate var json: JSONValue {
        .array([.string(from.description), .string(to.description)])
    }
}

extension TrainerSettings {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string("xgboost"),
            "objective": .string(objective.rawValue),
            "rounds": .count(rounds),
            "early_stopping": .count(earlyStopping),
            "learning_rate": .double(learningRate),
            "depth": .count(depth),
            "min_child_weight": .double(minChildWeight),
            "subsample": .double(subsample),
            "column_share": .double(columnShare),
            "l2": .double(l2),
            "bins": .count(bins),
            "seed": .count(seed),
            "threads": .count(threads),
        ])
    }
}
