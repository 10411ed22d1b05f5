import Columns
import Definitions
import Planning
import PointInTime
import Quality
import Registry
import Values

// Checking the rows of one source: they are read through `rows`, by whoever needs them anyway; then
// `finish` tells what became of the expectations, puts rows aside, and remembers.

/// The check of one source's rows in the pass that reads them.
struct QualityCheck {
    /// How many runs are kept for `volume`, at most.
    private static let history = 1000

    private let collector: QualityCollector
    private let identity: String

    private var scope: QualityScope { collector.scope }

    /// Prepares to look at the rows that the text `identity` stands for.
    init(_ scope: QualityScope, identity: String) {
        collector = QualityCollector(scope)
        self.identity = identity
    }

    /// `rows`, which are checked as they are read, each chunk once.
    func checking(_ rows: any BatchRows) -> CheckedRows {
        CheckedRows(rows: rows, collector: collector)
    }

    /// Looks at rows with the declared columns.
    func fold(_ batch: ColumnBatch) { collector.fold(batch, chunk: 0) }

    /// Tells what was found, after all rows were read.
    ///
    /// - Parameters:
    ///   - rows: is read again for rows to set aside; nil = they stay where they are.
    ///   - projectFolder: where they are set aside.
    ///   - record: where runs are remembered; nil = nowhere, and volume and freshness do not matter.
    /// - Throws: `QualityError` when the job must stop; what reading and writing rows throw.
    /// - Returns: the report; nil when nothing was looked at.
    func finish(
        _ rows: (any BatchRows)?, projectFolder: String, record: QualityRecord?
    ) throws -> QualityReport? {
        if scope.isEmpty { return nil }
        let counts = collector.counts
        let writer = QuarantineWriter(
            scope: scope, projectFolder: projectFolder, identity: identity
        )
        let files =
            try rows.map { try writer.write($0, chunks: counts.chunksToSetAside) } ?? [:]
        let report = try QualityReport(scope, counts, files) { subject, expected in
            guard let record else { return ExpectationContext(askedAt: nil, earlierRows: nil) }
            let run = record.run(of: scope, identity: identity)
            let earlier =
                expected.contains { $0.isVolume }
                ? try record.registry?.earlierRows(
                    of: "\(subject)", before: run, latest: Self.history) : nil
            return ExpectationContext(askedAt: record.askedAt, earlierRows: earlier ?? [])
        }
        try record?.remember(report, counts, of: scope, identity: identity)
        if report.isStopped { throw QualityError(report: report) }
        return report
    }
}

/// Where and as what a check is remembered.
struct QualityRecord {
    let registry: (any RegistryStore)?
    /// The command that reads.
    let command: String
    /// The time that `freshness` counts from; nil = age does not matter.
    let askedAt: EventTime?
    /// The clock's time.
    let now: EventTime

    func run(of scope: QualityScope, identity: String) -> QualityRun {
        QualityRun(
            source: scope.source.name, command: command,
            span: scope.span.map { $0.upperBound.since($0.lowerBound) },
            identity: RecordIdentity(of: identity), isStopped: false, readAt: now, rows: [:],
            results: [], columns: [])
    }

    func remember(
        _ report: QualityReport, _ counts: QualityCounts, of scope: QualityScope, identity: String
    ) throws {
        guard let registry else { return }
        var run = run(of: scope, identity: identity)
        run.isStopped = report.isStopped
        run.rows["source \(scope.source.name)"] = counts.source.rowsInSpan
        for (view, count) in zip(scope.views, counts.views) {
            run.rows["view \(view.name)"] = count.rowsInSpan
        }
        run.results = report.subjects.flatMap { subject in
            subject.results.map { result in
                QualityRun.Result(
                    subject: "\(subject.identity)", expectation: result.expectation.text,
                    action: result.expectation.action.rawValue, verdict: result.verdict.rawValue,
                    rows: result.rows, broken: result.broken, detail: result.detail)
            }
        }
        run.columns = counts.profiles.map {
            QualityRun.Column(
                name: $0.field.name, type: $0.field.type.description, profile: $0.encoded)
        }
        try registry.record(run)
    }
}

extension QualityReport {
    fileprivate init(
        _ scope: QualityScope, _ counts: QualityCounts,
        _ files: [Subject.Identity: QuarantineWriter.File],
        context: (Subject.Identity, [Expectation]) throws -> ExpectationContext
    ) rethrows {
        func subject(
            _ identity: Subject.Identity, _ counts: ExpectationCounts
        ) throws -> Subject {
            Subject(
                identity: identity, rows: counts.rows,
                results: counts.results(in: try context(identity, counts.expectations)),
                quarantine: files[identity]?.path, setAside: files[identity]?.rows ?? 0)
        }
        source = scope.source.name
        profiles = counts.profiles
        let views = try zip(scope.views, counts.views).map { view, counts in
            try subject(.view(view.name), counts)
        }
        subjects = [try subject(.source(scope.source.name), counts.source)] + views
    }
}

extension Expectation {
    fileprivate var isVolume: Bool {
        if case .volume = rule { return true }
        return false
    }
}
