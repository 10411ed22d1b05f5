import Arguments
import Jobs
import Values

extension Command {
    static let importCSV = Command(
        specification: CommandSpecification(
            name: "import csv", summary: "Turn CSV files into the Parquet rows of a source.",
            operands: [Operand("FILE", "a CSV file, plain or gzip", repeats: true)],
            options: [
                Option("--source", value: "NAME", "the source they belong to", isRequired: true),
                projectOption, profileOption,
                Option("--out", value: "DIR", "the folder to write; the source's unless given"),
                Option(
                    "--null", value: "TEXT", "a text that means null; 'NA' and '' unless given",
                    repeats: true),
                Option("--max-bad", value: "N", "how many bad rows to leave out; 0 unless given"),
                Option(
                    "--partition", value: "SPAN",
                    "folders by event time: none, month or day; none unless given"),
                workersOption,
            ],
            example: "roost import csv flights.csv --source departures --partition month")
    ) { arguments, _ in
        let watch = Stopwatch()
        let project = try Project(folder: arguments.projectFolder)
        guard let name = arguments.value("--source") else { return Outcome(lines: []) }
        let report = try ImportJob(
            source: project.source(named: name), folder: project.folder,
            options: importOptions(arguments),
            registry: arguments.profile().openExistingRegistry(), now: Machine.now
        ).run()
        var lines = [
            "imported  \(report.rows.of("row")) into \(report.target) "
                + "(\(report.files.grouped) \(report.files == 1 ? "file" : "files"), "
                + "\(report.bytes.byteText)) in \(watch.summary)"
        ]
        if report.badRows > 0 {
            lines.append(
                "left out  \(report.badRows.grouped) bad rows, listed in "
                    + "\(report.target)/_bad_rows.csv")
        }
        return Outcome(
            lines: lines + (report.quality.map { [$0].lines } ?? []),
            members: [
                JSONMember(name: "source", value: .string(name)),
                JSONMember(name: "target", value: .string(report.target)),
                JSONMember(name: "rows", value: .count(report.rows)),
                JSONMember(name: "bad_rows", value: .count(report.badRows)),
                JSONMember(name: "files", value: .count(report.files)),
                JSONMember(name: "bytes", value: .count(report.bytes)),
                JSONMember(name: "quality", value: report.quality?.json ?? .null),
                JSONMember(name: "seconds", value: .double(watch.seconds)),
            ])
    }

    private static func importOptions(_ arguments: ParsedArguments) throws -> ImportOptions {
        var options = ImportOptions(files: arguments.operands)
        options.target = arguments.value("--out")
        let nulls = arguments.values("--null")
        if !nulls.isEmpty { options.csv = CSVOptions(nullTexts: nulls) }
        options.maxBadRows = try arguments.integer("--max-bad", in: 0...1_000_000) ?? 0
        let spans = ImportPartition.allCases.map(\.rawValue)
        let span = try arguments.choice("--partition", of: spans)
        options.partition = span.flatMap(ImportPartition.init(rawValue:)) ?? .none
        options.workers = try arguments.workers()
        return options
    }
}
