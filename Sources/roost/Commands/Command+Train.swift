import Arguments
import Jobs
import Planning
import Registry
import Trainer

extension Command {
    static let train = Command(
        specification: CommandSpecification(
            name: "train", summary: "Train a model, judge it, and pack it up for serving.",
            operands: [Operand("PIPELINE", "a pipeline's name or file")],
            options: [
                projectOption, profileOption,
                Option(
                    "--dataset", value: "FILE",
                    "a data set of the pipeline; built under data/training/ unless given"),
                Option(flag: "--force", "train again although nothing changed"),
                workersOption,
            ],
            example: "roost train arrival_delay"),
        isRecorded: true
    ) { arguments, console in
        let watch = Stopwatch()
        let project = try arguments.appliedProject(console)
        let pipeline = try project.pipeline(named: arguments.operands[0])
        let dataset =
            try arguments.value("--dataset")
            ?? builtDataset(pipeline, arguments.sourcePlaces(), workers: arguments.workers())
        let line = ProgressLine(console: console, isJSON: arguments.has("--json"))
        let job = try TrainJob(
            pipeline: pipeline, folder: project.folder, datasetPath: dataset,
            isForced: arguments.has("--force")
        ) { line.show($0.model, step: "training", $0.rounds, of: $0.totalRounds, unit: "rounds") }
        defer { line.clear() }
        if let package = try job.trainedBefore() {
            // Its record may have been lost.
            let models = ModelStore(folder: project.folder)
            try arguments.record(package, at: models.path(of: package))
            throw JobError(
                .nothingToDo, "the model \(package.shortDigest) was trained on this already",
                hint: "--force trains it again")
        }
        let report = try job.run()
        line.clear()
        try arguments.record(report.package, at: report.path)
        let summary = console.bold(
            "model \(report.package.shortDigest) (\(report.rounds) rounds) in \(watch.summary)")
        return Outcome(
            lines: metricTable(report) + [""] + importanceTable(report) + [""]
                + rowLines(report.counts) + [servingLine(report), report.path, summary],
            members: report.members + [
                JSONMember(name: "dataset", value: .string(dataset)),
                JSONMember(name: "seconds", value: .double(watch.seconds)),
                JSONMember(name: "peak_memory_bytes", value: .count(Stopwatch.peakMemory)),
            ])
    }

    static let models = Command(
        specification: CommandSpecification(
            name: "models", summary: "List the models of the project.",
            options: [projectOption, profileOption], example: "roost models")
    ) { arguments, _ in
        let store = ModelStore(folder: arguments.projectFolder)
        let packages = try store.digests().map { try store.package(named: $0) }
        let aliases = try arguments.profile().openExistingRegistry()?.aliases() ?? []
        var table = TextTable(
            header: ["model", "pipeline", "test rows", "AUC", "RMSE", "last", "aliases"])
        var elements: [JSONValue] = []
        for package in packages {
            let isLast = try store.latest(of: package.pipeline) == package.digest
            let names = aliases.filter { $0.package.description == package.digest }.map(\.alias)
            table.add(
                [package.shortDigest, package.pipeline, package.testRows.grouped]
                    + [text(package.testMetric("auc")), text(package.testMetric("rmse"))]
                    + [isLast ? "yes" : "", names.joined(separator: ", ")])
            elements.append(package.summary(isLast: isLast, aliases: names))
        }
        return Outcome(
            lines: packages.isEmpty
                ? ["no model yet; 'roost train PIPELINE' makes one"]
                : table.lines,
            members: [JSONMember(name: "models", value: .array(elements))])
    }

    /// The pipeline's data set, built unless it is there as it would be built.
    private static func builtDataset(
        _ pipeline: PipelinePlan, _ places: SourcePlaces, workers: Int
    ) throws -> String {
        var options = DatasetOptions(
            output: (places.folder == "." ? "" : places.folder + "/")
                + "data/training/\(pipeline.name).parquet")
        options.workers = workers
        do {
            _ = try DatasetJob(
                service: pipeline.service, spine: .pipeline(pipeline.spine),
                places: places, options: options
            ).run()
        } catch let error as JobError where error.code == .nothingToDo {
            // It is there already, which is as good.
        }
        return options.output
    }

    private static func metricTable(_ report: TrainReport) -> [String] {
        var header = ["test", "model"]
        var columns = [report.test]
        if let baseline = report.baseline {
            header.append("without history")
            columns.append(baseline)
        }
        var table = TextTable(header: header)
        let classes = columns.compactMap(\.classification)
        if classes.isEmpty {
            table.add(["RMSE"] + columns.map { text($0.rootMeanSquaredError) })
            return table.lines
        }
        table.add(["AUC"] + classes.map { text($0.areaUnderROC) })
        table.add(["average precision"] + classes.map { text($0.averagePrecision) })
        table.add(["log loss"] + classes.map { text($0.logLoss) })
        table.add(["Brier score"] + classes.map { text($0.brier) })
        table.add(["calibration error"] + classes.map { text($0.calibration.expectedError) })
        return table.lines
    }

    private static func importanceTable(_ report: TrainReport) -> [String] {
        var table = TextTable(header: ["top features", "gain"])
        for feature in report.importance.prefix(10) {
            table.add([feature.column, feature.gain.rounded(to: 1)])
        }
        return table.lines
    }

    private static func rowLines(_ counts: SplitCounts) -> [String] {
        let parts = [
            ("trained on", counts.train), ("validated on", counts.validate),
            ("tested on", counts.test), ("embargoed", counts.embargoed),
            ("outside", counts.outside), ("without label", counts.unlabelled),
        ]
        let texts = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1.grouped)" }
        return ["rows: " + texts.joined(separator: ", ")]
    }

    private static func servingLine(_ report: TrainReport) -> String {
        if let obstacle = report.flatTreesObstacle { return "served by the library: \(obstacle)" }
        return "served by flat trees: \(report.test.rows.grouped) test rows equal to the library's "
            + "bits, \(report.microsecondsPerRow.rounded(to: 2)) us a row"
    }

    private static func text(_ metric: Double?) -> String { metric?.rounded(to: 4) ?? "-" }
}

extension Project {
    /// The pipeline in the file `name`, or in `pipelines/name.yaml`.
    fileprivate func pipeline(named name: String) throws -> PipelinePlan {
        let isFile = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
        if isFile { return try pipeline(at: name) }
        let paths = try pipelinePaths()
        guard let path = paths.first(where: { $0.hasSuffix("/\(name).yaml") }) else {
            throw JobError(
                .usage, "there is no pipeline '\(name)'",
                hint: paths.isEmpty
                    ? "a pipeline is a file under pipelines/"
                    : "the pipelines are \(paths.joined(separator: ", "))")
        }
        return try pipeline(at: path)
    }
}

extension ModelPackage {
    fileprivate var testRows: Int {
        Int(document["metrics"]?["test"]?["rows"]?.integer ?? 0)
    }

    /// A metric on the test rows; nil when it is not defined.
    fileprivate func testMetric(_ name: String) -> Double? {
        switch document["metrics"]?["test"]?[name] {
        case .double(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    fileprivate func summary(isLast: Bool, aliases: [String]) -> JSONValue {
        .object([
            "model": .string(digest), "pipeline": .string(pipeline), "service": .string(service),
            "last": .bool(isLast),
            "aliases": .array(aliases.map(JSONValue.string)),
            "test": document["metrics"]?["test"] ?? .null,
        ])
    }
}
