import Arguments
import Jobs
import Planning
import Quality
import Registry
import Values

extension Command {
    static let profile = Command(
        specification: CommandSpecification(
            name: "profile",
            summary: "Show what the rows of a source were like when they were last read.",
            operands: [Operand("SOURCE", "the source")],
            options: [projectOption, profileOption], example: "roost profile departures")
    ) { arguments, _ in
        let project = try Project(folder: arguments.projectFolder)
        let profile = try SourceProfile(
            of: project.source(named: arguments.operands[0]),
            in: arguments.profile().openExistingRegistry())
        let rows = Int(profile.columns.first?.rows ?? 0)
        var end = "\(rows.of("row")) read by '\(profile.run.command)' at \(profile.run.readAt)"
        if let earlier = profile.earlier { end += ", compared with \(earlier.readAt)" }
        return Outcome(
            lines: columnTable(profile) + [""] + expectationTable(profile.run) + [end],
            members: profile.members)
    }

    private static func columnTable(_ profile: SourceProfile) -> [String] {
        var table = TextTable(
            header: [
                "column", "type", "null", "distinct", "min", "p5", "p50", "p95", "max", "mean",
                "moved",
            ])
        for column in profile.columns {
            let moved = profile.earlierColumns[column.field.name].flatMap { column.moved(from: $0) }
            let quantiles = [50_000, 500_000, 950_000].map { share in
                column.quantile(millionths: share).map(\.short) ?? ""
            }
            table.add(
                [
                    column.field.name,
                    (column.field.type.element == nil ? "" : "length of ")
                        + column.field.type.description,
                    "\((100 * column.nullShare).rounded(to: 2)) %",
                    (column.distinct.sorted == nil ? "~" : "") + Int(column.distinct.count).grouped,
                    column.least.short,
                ] + quantiles + [
                    column.greatest.short, column.mean.map { Scalar.double($0).short } ?? "",
                    moved.map { "\((100 * $0).rounded(to: 2)) %" } ?? "",
                ])
        }
        return table.lines
    }

    private static func expectationTable(_ run: QualityRun) -> [String] {
        if run.results.isEmpty { return [] }
        var table = TextTable(header: ["expectation", "of", "action", "broken", "verdict"])
        for result in run.results {
            table.add([
                result.expectation, result.subject, result.action, result.broken.grouped,
                result.detail.isEmpty ? result.verdict : "\(result.verdict): \(result.detail)",
            ])
        }
        return table.lines + [""]
    }
}

extension QualityReport {
    /// What became of the expectations, for people: one line each, and where rows were set aside.
    var lines: [String] {
        var table = TextTable(header: ["expectation", "of", "rows", "broken", "verdict"])
        for subject in subjects {
            for result in subject.results {
                let verdict = subject.verdict(result)
                table.add([
                    result.expectation.text, "\(subject.identity)", result.rows.grouped,
                    result.broken.grouped,
                    result.detail.isEmpty ? verdict : "\(verdict): \(result.detail)",
                ])
            }
        }
        let aside = subjects.compactMap { subject in
            subject.quarantine.map { "set aside  \(subject.setAside.of("row")) in \($0)" }
        }
        return table.lines + aside
    }
}

extension QualityReport.Subject {
    /// The verdict in a word, and whether rows are set aside: by an import only when they are read.
    fileprivate func verdict(_ result: ExpectationResult) -> String {
        guard result.setAside > 0, result.verdict == .passed else { return result.verdict.rawValue }
        return quarantine == nil ? "set aside when read" : "set aside"
    }
}

extension [QualityReport] {
    /// What became of the expectations of all sources, behind an empty line; nothing without any.
    var lines: [String] {
        flatMap { report in
            report.subjects.contains { !$0.results.isEmpty } ? [""] + report.lines : []
        }
    }
}

extension Scalar {
    /// The value in a few characters.
    fileprivate var short: String {
        switch self {
        case .null: return ""
        case .double(let number):
            let isPlain = number.magnitude < 1e9 && (number == 0 || number.magnitude >= 0.01)
            return isPlain ? number.rounded(to: 2) : "\(number)"
        default:
            let text = text
            return text.count > 24 ? text.prefix(21) + "..." : text
        }
    }
}
