import Jobs
public import Planning
import Values

/// Trains the model of a pipeline on its data set, judges it, and packs it up.
///
/// The same data set, settings and library give the same bytes, so a model that is there already
/// is not trained again.
public struct TrainJob: Sendable {
    private let pipeline: PipelinePlan
    private let training: TrainingPlan
    private let folder: String
    private let datasetPath: String
    private let isForced: Bool
    private let progress: (@Sendable (TrainProgress) -> Void)?

    /// Prepares the training of `pipeline` of the project in `folder`.
    ///
    /// - Parameters:
    ///   - pipeline: the pipeline, which must say how it trains.
    ///   - folder: the project folder.
    ///   - datasetPath: the data set that `roost dataset` wrote for the pipeline.
    ///   - isForced: whether a model that is there already is trained again.
    ///   - progress: is told of every round.
    /// - Throws: `usage` for a pipeline that only selects rows.
    public init(
        pipeline: PipelinePlan, folder: String, datasetPath: String, isForced: Bool = false,
        progress: (@Sendable (TrainProgress) -> Void)? = nil
    ) throws(TrainerError) {
        guard let training = pipeline.training else {
            throw TrainerError(
                .usage, "the pipeline '\(pipeline.name)' does not say how it trains",
                hint: "add 'label:', 'split:' and 'trainer:' to it")
        }
        self.pipeline = pipeline
        self.training = training
        self.folder = folder
        self.datasetPath = datasetPath
        self.isForced = isForced
        self.progress = progress
    }

    /// The pipeline's last model, when it is what this job would train; nil when it is another, or
    /// when the job is forced.
    ///
    /// - Throws: what a data set that does not fit throws.
    public func trainedBefore() throws -> ModelPackage? {
        if isForced { return nil }
        let dataset = try TrainingDataset(path: datasetPath, pipeline: pipeline)
        let library = try XGBoostLibrary.open()
        return try repeated(document(dataset, library), ModelStore(folder: folder))
    }

    /// Runs the job; on any failure no package is written.
    ///
    /// - Throws: `JobError` with `nothingToDo` when the model is there already; `TrainerError`
    ///   for a data set that does not fit or cannot be learned from.
    /// - Returns: the package and what was measured.
    public func run() throws -> TrainReport {
        let dataset = try TrainingDataset(path: datasetPath, pipeline: pipeline)
        let library = try XGBoostLibrary.open()
        let document = document(dataset, library)
        let store = ModelStore(folder: folder)
        if !isForced, let package = try repeated(document, store) {
            throw JobError(
                .nothingToDo, "the model \(package.shortDigest) was trained on this already",
                hint: "--force trains it again")
        }
        let labels = try SplitLabels(
            dataset.file, time: pipeline.spine.time, label: training.label.name,
            split: training.split)
        try labels.check(for: training.trainer.objective)
        let model = try train(
            training.inputs, dataset, labels, library, named: pipeline.name)
        let known = training.inputs.filter { !$0.isHistoric }
        let baseline =
            known.isEmpty || known.count == training.inputs.count
            ? nil
            : try train(
                known, dataset, labels, library, named: "\(pipeline.name) without history")
        let outcome = TrainOutcome(
            counts: labels.counts, model: model, baseline: baseline?.test,
            baselineInputs: known.map(\.field.name))
        let digest = try store.write(
            document.json(outcome), model: model.bytes, pipeline: pipeline.name)
        return TrainReport(
            package: try store.package(named: digest), path: Path.join(store.path, digest),
            outcome: outcome)
    }

    private func document(
        _ dataset: TrainingDataset, _ library: XGBoostLibrary
    ) -> ModelDocument {
        ModelDocument(
            pipeline: pipeline, training: training, dataset: dataset.identity,
            library: library.version)
    }

    /// The pipeline's last model when it was trained on the same; nil when it is another.
    private func repeated(
        _ document: ModelDocument, _ store: ModelStore
    ) throws -> ModelPackage? {
        guard let digest = try store.latest(of: pipeline.name),
            let package = try? store.package(named: digest),
            package.document["training_identity"]?.text == document.identity
        else { return nil }
        return package
    }

    /// Trains on `inputs` and judges the result on the test rows.
    private func train(
        _ inputs: [ModelInput], _ dataset: TrainingDataset, _ labels: SplitLabels,
        _ library: XGBoostLibrary, named name: String
    ) throws -> TrainedTrees {
        let encoder = try FeatureEncoder(inputs.map(\.field))
        let rows = { (part: TimeSplit.Part) in
            DatasetRows(
                file: dataset.file, time: pipeline.spine.time, label: training.label.name,
                encoder: encoder, split: training.split, part: part)
        }
        let run = BoostingRun(
            library: library, settings: training.trainer, baseScore: labels.meanOfTraining
        ) { [progress, total = training.trainer.rounds] rounds in
            progress?(TrainProgress(model: name, rounds: rounds, totalRounds: total))
        }
        let result = try run.run(train: rows(.train), validate: rows(.validate))
        let bytes = try result.booster.model()
        let served = try XGBoostBooster(
            library: library, model: bytes, threads: training.trainer.threads)
        let validation = try BulkScoring.predictions(served, rows(.validate))
        let test = try BulkScoring.predictions(served, rows(.test))
        let gains = try result.booster.gains()
        return TrainedTrees(
            bytes: bytes, rounds: result.rounds, roundsRun: result.errors.count,
            validation: evaluate(validation, labels.validate),
            test: evaluate(test, labels.test),
            gains: encoder.inputNames.indices.map { gains[$0] ?? 0 },
            flatTrees: try BulkScoring.comparison(
                ofFlatTreesOf: bytes, rows(.test), expected: test))
    }

    private func evaluate(_ predictions: [Float], _ labels: [Float]) -> Evaluation {
        switch training.trainer.objective {
        case .logistic:
            Evaluation(
                labels: labels.map { $0 == 1 }, probabilities: predictions.map(Double.init))
        case .squaredError:
            Evaluation(labels: labels.map(Double.init), predictions: predictions.map(Double.init))
        }
    }
}

/// How far a training is.
public struct TrainProgress: Hashable, Sendable {
    /// What is trained: the pipeline, or what it is compared with.
    public let model: String
    /// How many rounds were run.
    public let rounds: Int
    /// How many there are at most; fewer when the validation rows gain no more.
    public let totalRounds: Int
}

/// A trained model and what was measured.
struct TrainedTrees {
    let bytes: [UInt8]
    /// How many rounds it has.
    let rounds: Int
    /// How many rounds were run until it was clear that more do not help.
    let roundsRun: Int
    let validation: Evaluation
    let test: Evaluation
    /// The mean gain of the splits on each number that trees see; 0 for one that is not split on.
    let gains: [Double]
    /// Flat trees on the test rows.
    let flatTrees: BulkScoring.Comparison
}

/// All that came of a training.
struct TrainOutcome {
    let counts: SplitCounts
    let model: TrainedTrees
    /// The same training without anything that a view remembers.
    let baseline: Evaluation?
    let baselineInputs: [String]
}
