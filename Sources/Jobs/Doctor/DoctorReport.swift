public import Stores

/// What `roost doctor` found, line by line.
public struct DoctorReport: Sendable {
    /// One thing that was looked at.
    public struct Line: Hashable, Sendable {
        /// What it belongs to: `online store`, `view weather`.
        public let subject: String
        /// What was found.
        public let finding: StoreFinding
    }

    /// The lines, in the order in which things depend on each other.
    public internal(set) var lines: [Line] = []

    /// The worst of all lines.
    public var verdict: StoreFinding.Verdict { lines.map(\.finding.verdict).max() ?? .ok }

    mutating func add(
        _ subject: String, _ verdict: StoreFinding.Verdict, _ message: String,
        remedy: String? = nil
    ) {
        lines.append(
            Line(subject: subject, finding: StoreFinding(verdict, message, remedy: remedy)))
    }

    mutating func add(_ subject: String, _ findings: [StoreFinding]) {
        lines += findings.map { Line(subject: subject, finding: $0) }
    }

    /// The report for programs.
    public var members: [JSONMember] {
        [
            JSONMember(name: "verdict", value: .string(verdict.rawValue)),
            JSONMember(
                name: "checks",
                value: .array(
                    lines.map { line in
                        .object([
                            "subject": .string(line.subject),
                            "verdict": .string(line.finding.verdict.rawValue),
                            "message": .string(line.finding.message),
                            "remedy": .optional(line.finding.remedy),
                        ])
                    })),
        ]
    }
}
