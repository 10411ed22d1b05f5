import Arguments
import DefinitionFiles
import Glibc
import Jobs
import Planning
import Values

extension Command {
    static let publish = Command(
        specification: CommandSpecification(
            name: "publish", summary: "Send the batch rows of a source to its topic.",
            operands: [Operand("SOURCE", "the source")],
            options: [
                Option("--from", value: "TIME", "only rows that became known then or later"),
                Option("--to", value: "TIME", "only rows that became known before"),
                Option("--brokers", value: "HOST:PORT", "the brokers; the profile's unless given"),
                Option("--rate", value: "N", "at most so many rows a second"),
                projectOption, profileOption,
            ],
            example: "roost publish departures --from 2013-11-01T00:00:00Z --brokers 127.0.0.1:9092"
        )
    ) { arguments, console in
        let watch = Stopwatch()
        let project = try Project(folder: arguments.projectFolder)
        let profile = try arguments.profile()
        let source = try project.source(named: arguments.operands[0])
        var job = PublishJob(
            source: source,
            places: SourcePlaces(folder: project.folder, databases: profile.databases),
            settings: try profile.kafkaSettings(brokers: arguments.value("--brokers")))
        (job.start, job.end) = (try arguments.time("--from"), try arguments.time("--to"))
        if let start = job.start, let end = job.end, start >= end {
            throw ArgumentError(
                "there is no time from \(start) to \(end)", hint: "write a --to after --from")
        }
        let pace = Pace(rowsPerSecond: try arguments.integer("--rate", in: 1...100_000_000))
        let line = ProgressLine(console: console, isJSON: arguments.has("--json"))
        job.progress = { done, total in
            pace.wait(before: done)
            if done % 1024 == 0 {
                line.show(source.name, step: "publish", done, of: total, unit: "rows")
            }
        }
        let report = try job.run()
        line.clear()
        let seconds = watch.seconds
        var lines = [
            "published \(report.rows.of("row")) of \(report.source) to the topic '\(report.topic)' in "
                + watch.summary
        ]
        if report.timeless > 0 {
            lines.append("left out  \(report.timeless.of("row")) without a time")
        }
        return Outcome(
            lines: lines,
            members: report.members + [
                JSONMember(name: "seconds", value: .double(seconds)),
                JSONMember(
                    name: "rows_per_second",
                    value: .double(Double(report.rows) / max(seconds, 1e-6))),
            ])
    }
}

/// Keeps rows to a rate.
private struct Pace {
    let rowsPerSecond: Int?
    private let watch = Stopwatch()

    init(rowsPerSecond: Int?) { self.rowsPerSecond = rowsPerSecond }

    /// Waits until row `row` is due.
    func wait(before row: Int) {
        guard let rowsPerSecond else { return }
        let early = Double(row) / Double(rowsPerSecond) - watch.seconds
        if early > 0.001 { usleep(UInt32(min(early, 3600) * 1e6)) }
    }
}
