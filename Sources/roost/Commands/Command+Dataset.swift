import Arguments
import Jobs
import Planning
import PointInTime

extension Command {
    static let dataset = Command(
        specification: CommandSpecification(
            name: "dataset", summary: "Build a training set: features as they were known then.",
            operands: [Operand("SERVICE", "the feature service")],
            options: [
                Option(
                    "--spine", value: "FILE",
                    "the rows to build it for: a Parquet file or folder, or a pipeline (.yaml)",
                    isRequired: true),
                Option("--out", value: "FILE", "the Parquet file to write", isRequired: true),
                projectOption, profileOption,
                Option(
                    "--time", value: "NAME", "the spine's asking time; 'timestamp' unless given"),
                Option(flag: "--inclusive", "see rows at the asking time itself"),
                Option(
                    flag: "--allow-incomplete", "keep rows later than a source is complete to"),
                Option(
                    "--as-known-at", value: "POINT",
                    "take the rows from the offline store as it was: a time, a version, or "
                        + "SOURCE=VERSION,..."),
                Option(flag: "--short", "name features without their view"),
                Option("--sample", value: "N", "show N rows, evenly spread"),
                Option(flag: "--force", "write it again although nothing changed"),
                workersOption,
            ],
            example: "roost dataset arrival_delay --spine pipelines/arrival_delay.yaml "
                + "--out data/training.parquet"),
        isRecorded: true
    ) { arguments, console in
        let watch = Stopwatch()
        let knownAt = try arguments.value("--as-known-at").map {
            text throws(JobError) in try KnownPoint(parsing: text)
        }
        let project =
            try knownAt == nil
            ? Project(folder: arguments.projectFolder) : arguments.appliedProject(console)
        let service = try project.service(named: arguments.operands[0])
        guard let path = arguments.value("--spine"), let output = arguments.value("--out") else {
            return Outcome(lines: [])
        }
        var options = try datasetOptions(arguments, output: output)
        options.knownAt = knownAt
        let report = try DatasetJob(
            service: service, spine: project.spine(at: path, for: service.name),
            places: arguments.sourcePlaces(),
            offline: knownAt == nil ? nil : arguments.profile().openOfflineStore(),
            sources: project.plan.sources, options: options
        ).run()
        try arguments.record(report, of: service)
        let summary = [
            console.bold(
                "\(output): \(report.rows.of("row")) x \(report.columns.of("column")) "
                    + "in \(watch.summary)")
        ]
        return Outcome(
            lines: viewTable(report) + report.quality.lines + [""] + nullTable(report) + [""]
                + sampleTable(report) + summary,
            members: report.members + [
                JSONMember(name: "seconds", value: .double(watch.seconds)),
                JSONMember(name: "peak_memory_bytes", value: .count(Stopwatch.peakMemory)),
            ])
    }

    private static func datasetOptions(
        _ arguments: ParsedArguments, output: String
    ) throws -> DatasetOptions {
        var options = DatasetOptions(output: output)
        options.time = arguments.value("--time")
        options.isInclusive = arguments.has("--inclusive")
        options.allowsIncomplete = arguments.has("--allow-incomplete")
        options.usesShortNames = arguments.has("--short")
        options.isForced = arguments.has("--force")
        options.sampleRows = try arguments.integer("--sample", in: 0...100) ?? 0
        options.workers = try arguments.workers()
        return options
    }

    private static func viewTable(_ report: DatasetReport) -> [String] {
        var table = TextTable(
            header: ["source rows by view", "rows", "used", "other keys", "filtered", "rejected"])
        for view in report.join.views {
            let rows = view.rows
            table.add(
                [view.view]
                    + [
                        rows.total, rows.used, rows.ofOtherKeys, rows.filtered,
                        rows.rejected + rows.withoutKey,
                    ].map(\.grouped))
        }
        return table.lines
    }

    private static func nullTable(_ report: DatasetReport) -> [String] {
        var table = TextTable(header: ["feature", "null"])
        for count in report.nullCounts {
            let share = report.rows == 0 ? 0 : 100 * Double(count.nulls) / Double(report.rows)
            table.add([count.column, "\(share.rounded(to: 2)) %"])
        }
        return table.lines
    }

    private static func sampleTable(_ report: DatasetReport) -> [String] {
        if report.sample.rows.isEmpty { return [] }
        var table = TextTable(
            header: ["sample"] + report.sample.rows.indices.map { "row \($0 + 1)" })
        for (index, name) in report.sample.columns.enumerated() {
            table.add([name] + report.sample.rows.map { $0[index] })
        }
        return table.lines + [""]
    }
}
