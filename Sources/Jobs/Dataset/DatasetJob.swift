import Columns
import Expressions
import Parquet
public import Planning
import PointInTime
public import Stores
import Values

/// Builds a point-in-time training set: the spine's columns, then the service's features as they
/// could have been known at each row's time.
public struct DatasetJob: Sendable {
    /// Small enough that what waits to be written stays small, large enough to read quickly.
    private static let rowGroupRows = 1 << 16

    private let service: ServicePlan
    private let spine: DatasetSpine
    private let places: SourcePlaces
    private let options: DatasetOptions
    private let offline: (any OfflineStore)?
    private let expecting: [SourcePlan]

    /// Prepares the data set of `service` of a project.
    ///
    /// - Parameters:
    ///   - service: whose features.
    ///   - spine: the rows that ask.
    ///   - places: where the rows of sources are.
    ///   - offline: where the rows of an earlier state are; needed when the options ask for one.
    ///   - sources: the project's sources, for what they expect of their rows.
    ///   - options: where to, and how.
    public init(
        service: ServicePlan, spine: DatasetSpine, places: SourcePlaces,
        offline: (any OfflineStore)? = nil, sources: [SourcePlan] = [], options: DatasetOptions
    ) {
        expecting = sources
        self.offline = offline
        self.service = service
        self.spine = spine
        self.places = places
        self.options = options
    }

    /// Runs the job; on any failure the output is as it was.
    ///
    /// - Throws: `nothingToDo` when the output is this data set already; `usage` for a spine or
    ///   source that does not fit the definitions; `ParquetError` for damaged files;
    ///   `PointInTimeError` for rows that cannot be answered.
    public func run() throws -> DatasetReport {
        let spine = try Spine(spine, for: service, time: options.time, places: places)
        let columns = try DatasetColumns(
            spine: spine.fields, service: service, usesShortNames: options.usesShortNames)
        let sources = try openSources()
        let manifest = DatasetManifest(
            service: service, spine: spine, columns: columns, sources: sources, options: options)
        try checkOutput(spine, sources, manifest)
        AbandonedFiles.remove(beside: options.output)
        var joinOptions = JoinOptions(
            isInclusive: options.isInclusive, allowsIncomplete: options.allowsIncomplete,
            workers: options.workers)
        joinOptions.marks = sources.marks
        let join = PointInTimeJoin(plan: service, options: joinOptions)
        let checks = checks(sources)
        let result = try join.run(spine: spine.rows, time: spine.time) { plan in
            guard let rows = sources.rows[plan.name] else {
                throw JobError(.failure, "source '\(plan.name)' was not opened")
            }
            return checks[plan.name]?.checking(rows) ?? rows
        }
        let quality = try sources.inputs.compactMap { input in
            try checks[input.name]?.finish(
                sources.rows[input.name], projectFolder: places.folder, record: nil)
        }
        return try write(result, spine, columns, manifest, quality)
    }

    /// What checks the rows of each source that expects something of single rows.
    private func checks(_ sources: DatasetSources) -> [String: QualityCheck] {
        var checks: [String: QualityCheck] = [:]
        for (name, value) in sources.inputs {
            guard let source = expecting.first(where: { $0.name == name }) else { continue }
            checks[name] = QualityCheck(
                QualityScope(source, views: service.lookups.map(\.view)),
                identity: value.line)
        }
        return checks
    }

    private func openSources() throws -> DatasetSources {
        guard let point = options.knownAt, let offline else {
            return try DatasetSources(
                service, in: places, expecting: expecting, workers: options.workers)
        }
        return try DatasetSources(
            service, in: offline, at: point, isInclusive: options.isInclusive,
            workers: options.workers)
    }

    private func checkOutput(
        _ spine: Spine, _ sources: DatasetSources, _ manifest: DatasetManifest
    ) throws(JobError) {
        let output = options.output
        guard !output.isEmpty, !output.hasSuffix("/") else {
            throw JobError(.usage, "--out '\(output)' names no file", hint: "name a file")
        }
        if !options.isForced, try manifest.isFulfilled(at: output) {
            throw JobError(
                .nothingToDo, "\(output) is this data set already",
                hint: "--force writes it again")
        }
        let inputs = sources.paths + spine.files.files.map(\.parquet.path)
        if inputs.contains(where: { FileSystem.isSame($0, output) }) {
            throw JobError(
                .usage, "--out \(output) is one of the inputs", hint: "name another file")
        }
        switch FileSystem.kind(of: output) {
        case .missing:
            try FileSystem.makeFolder(Path.parent(of: output))
        case .folder:
            throw JobError(.usage, "--out \(output) is a folder", hint: "name a file")
        case .special:
            throw JobError(
                .usage, "--out \(output) is a device or pipe; a Parquet file cannot stand there",
                hint: "name a file")
        case .file:
            if options.isForced { return }
            if try DatasetManifest.read(of: output) != nil { return }
            throw JobError(
                .usage, "\(output) exists and no data set job wrote it",
                hint: "name another file, or replace it with --force")
        }
    }

    private func write(
        _ result: JoinResult, _ spine: Spine, _ columns: DatasetColumns,
        _ manifest: DatasetManifest, _ quality: [QualityReport]
    ) throws -> DatasetReport {
        let schema = Schema(columns.fields)
        let writer = try ParquetWriter(
            path: options.output, schema: schema,
            options: ParquetWriterOptions(rowGroupRows: Self.rowGroupRows))
        var nulls = [Int](repeating: 0, count: result.schema.fields.count)
        var faults = FaultCounts()
        var sample = RowSample(
            columns: columns.fields.map(\.name), limit: options.sampleRows,
            of: result.report.spineRows)
        for chunk in 0..<spine.rows.chunkCount {
            let own = try spine.columns(chunk: chunk)
            let features = try result.features(chunk: chunk, faults: &faults)
            for (index, column) in features.columns.enumerated() {
                nulls[index] += column.nullCount
            }
            let batch = ColumnBatch(
                schema: schema, columns: own.columns + features.columns, rowCount: own.rowCount)
            sample.take(from: batch)
            try writer.write(batch)
        }
        let names = columns.fields.dropFirst(spine.fields.count).map(\.name)
        let report = DatasetReport(
            identity: manifest.identity, output: options.output, rows: writer.rowCount,
            columns: schema.fields.count,
            join: result.report,
            nullCounts: zip(names, nulls).map { DatasetReport.NullCount(column: $0, nulls: $1) },
            spineSourceRows: spine.files.totalRowCount, sample: sample, quality: quality)
        let manifestPath = DatasetManifest.path(of: options.output)
        try FileSystem.remove(manifestPath)
        try writer.close()
        try FileSystem.write(manifest.document(report), to: manifestPath)
        return report
    }
}
