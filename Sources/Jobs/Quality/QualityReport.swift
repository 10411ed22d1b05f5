import Definitions
import Planning
public import Quality
import Values

/// What became of the expectations of one source and its views.
public struct QualityReport: Sendable {
    /// What became of the expectations of a source or a view.
    public struct Subject: Sendable {
        /// A source or a view, by name.
        public enum Identity: Hashable, Sendable {
            case source(String)
            case view(String)
        }

        /// Who expects.
        public let identity: Identity
        /// How many rows were checked.
        public let rows: Int
        /// What became of each expectation.
        public let results: [ExpectationResult]
        /// The Parquet file of the rows set aside; nil when there are none.
        public let quarantine: String?
        /// How many rows that are.
        public let setAside: Int
    }

    /// The source that was read.
    public let source: String
    /// The source, then the views with expectations.
    public let subjects: [Subject]
    /// The profile of every column; empty when none was asked for.
    public let profiles: [ColumnProfile]

    /// Whether the job must not go on.
    public var isStopped: Bool {
        subjects.contains { $0.results.contains { $0.verdict == .stopped } }
    }
}

extension QualityReport.Subject.Identity: CustomStringConvertible {
    /// `source orders`, `view customer_orders`.
    public var description: String {
        switch self {
        case .source(let name): "source \(name)"
        case .view(let name): "view \(name)"
        }
    }

    /// The folder of its quarantine.
    var folder: String {
        switch self {
        case .source(let name): "sources/\(name)"
        case .view(let name): "views/\(name)"
        }
    }
}

/// Rows that are not as expected; the job published nothing.
public struct QualityError: Error, Sendable {
    /// What became of all expectations.
    public let report: QualityReport

    /// What is broken, in one line.
    public var message: String {
        let broken = report.subjects.filter { subject in
            subject.results.contains { $0.verdict == .stopped }
        }
        let parts = broken.map { subject in
            let stopped = subject.results.filter { $0.verdict == .stopped }
            return
                "\(subject.identity) breaks \(stopped.map(\.expectation.text).joined(separator: "; "))"
        }
        return parts.joined(separator: ", ")
    }
}

extension QualityReport {
    /// The report for programs.
    public var json: JSONValue {
        .object([
            "source": .string(source),
            "stopped": .bool(isStopped),
            "subjects": .array(subjects.map(\.json)),
        ])
    }
}

extension QualityReport.Subject {
    fileprivate var json: JSONValue {
        .object([
            "subject": .string(identity.description),
            "rows": .count(rows),
            "set_aside": .count(setAside),
            "quarantine": .optional(quarantine),
            "expectations": .array(results.map(\.json)),
        ])
    }
}

extension ExpectationResult {
    fileprivate var json: JSONValue {
        .object([
            "expectation": .string(expectation.text),
            "action": .string(expectation.action.rawValue),
            "tolerate": .string(expectation.tolerated.description),
            "verdict": .string(verdict.rawValue),
            "rows": .count(rows),
            "broken": .count(broken),
            "detail": .optional(detail.isEmpty ? nil : detail),
        ])
    }
}
