import Arguments
import Jobs
import Stores

extension Command {
    static let doctor = Command(
        specification: CommandSpecification(
            name: "doctor", summary: "Look at stores, rights, settings and drift; say what to do.",
            options: [projectOption, profileOption], example: "roost doctor --profile production")
    ) { arguments, console in
        let report = DoctorJob(
            folder: arguments.projectFolder, profile: arguments.value("--profile"),
            now: Machine.now
        ).run { error in
            let failure = Failure(error)
            return (failure.message, failure.hint)
        }
        let counts = [StoreFinding.Verdict.fail, .warn, .ok].map { verdict in
            "\(report.lines.count { $0.finding.verdict == verdict }) \(verdict.rawValue)"
        }
        return Outcome(
            exitCode: report.verdict == .fail ? JobError.Code.failure.exitCode : 0,
            status: report.verdict == .fail ? "fail" : "ok",
            lines: lines(report) + ["", console.bold(counts.joined(separator: ", "))],
            members: report.members)
    }

    private static func lines(_ report: DoctorReport) -> [String] {
        let width = report.lines.map(\.subject.count).max() ?? 0
        return report.lines.flatMap { line in
            let name = line.subject + String(repeating: " ", count: width - line.subject.count)
            let verdict = line.finding.verdict.rawValue
            let padding = String(repeating: " ", count: 4 - verdict.count)
            let first = "\(verdict)\(padding)  \(name)  \(line.finding.message)"
            return [first]
                + (line.finding.remedy.map {
                    [String(repeating: " ", count: width + 8) + $0]
                } ?? [])
        }
    }
}
