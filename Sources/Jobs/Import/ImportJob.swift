import Columns
import Expressions
public import Planning
public import Registry
public import Values
import Workers

/// Turns CSV files into the Parquet rows of a source: all of them, or nothing.
public struct ImportJob: Sendable {
    private let source: SourcePlan
    private let options: ImportOptions
    private let target: String
    private let zone: ZoneTable?
    private let folder: String
    private let registry: (any RegistryStore)?
    private let now: EventTime

    /// Prepares the import into `source` of a project in `folder`.
    ///
    /// - Throws: `usage` when there is nowhere to write or the source's zone is unknown.
    ///
    /// - Parameters:
    ///   - source: whose rows they are.
    ///   - folder: the project folder.
    ///   - options: which files, and how.
    ///   - registry: remembers what the rows were like, if there is one.
    ///   - now: the clock's time, for the registry's records.
    public init(
        source: SourcePlan, folder: String, options: ImportOptions,
        registry: (any RegistryStore)? = nil, now: EventTime = .distantPast
    ) throws(JobError) {
        guard let path = options.target ?? source.parquetPath.map({ Path.join(folder, $0) }) else {
            throw JobError(
                .usage, "source '\(source.name)' has no batch path to import into",
                hint: "give it 'batch: parquet: data/\(source.name)' or name a folder with --out")
        }
        self.source = source
        self.options = options
        self.folder = folder
        self.registry = registry
        self.now = now
        target = Path.withoutTrailingSlashes(path)
        if let name = source.zone { zone = try .named(name) } else { zone = nil }
    }

    /// Runs the import.
    ///
    /// - Throws: `nothingToDo` when the target holds the same import; `dataQuality` when there are
    ///   more bad rows than tolerated; `QualityError` when rows are not as expected; in any case, and on any other failure, the target is
    ///   as it was.
    public func run() throws -> ImportReport {
        for file in options.files { try checkInput(file) }
        let manifest = try ImportManifest(source: source, options: options)
        if try manifest.isFulfilled(in: target) {
            throw JobError(.nothingToDo, "\(target) holds these rows already")
        }
        try checkTarget()
        let stage = try StagedFolder(target: target)
        let writer = PartitionedWriter(
            root: stage.path, schema: source.schema, partition: options.partition)
        var badRows = BadRows(limit: options.maxBadRows)
        let check = QualityCheck(
            QualityScope(source, views: [], profiles: !source.expectations.isEmpty),
            identity: manifest.identity)
        for file in options.files { try read(file, into: writer, check, &badRows) }
        if badRows.isBeyondLimit { throw badRows.error }
        let record = QualityRecord(
            registry: registry, command: "import", askedAt: nil, now: now)
        let quality = try check.finish(nil, projectFolder: folder, record: record)
        let parts = try writer.close()
        if badRows.count > 0 {
            try FileSystem.write(badRows.report, to: Path.join(stage.path, "_bad_rows.csv"))
        }
        try FileSystem.write(
            manifest.document(parts: parts, badRows: badRows.count),
            to: Path.join(stage.path, ImportManifest.name))
        try stage.publish()
        return ImportReport(
            target: target, rows: parts.reduce(0) { $0 + $1.rows }, badRows: badRows.count,
            files: parts.count, bytes: parts.reduce(0) { $0 + $1.bytes }, quality: quality)
    }

    /// Refuses what cannot be read twice: once for its digest, once for its rows.
    private func checkInput(_ file: String) throws(JobError) {
        switch FileSystem.kind(of: file) {
        case .file, .missing: return
        case .folder:
            throw JobError(
                .usage, "\(file) is a folder, not a CSV file", hint: "name the files in it")
        case .special:
            throw JobError(
                .usage, "\(file) is a device or pipe, not a CSV file",
                hint: "write the rows to a file first")
        }
    }

    /// Refuses to replace what no import wrote.
    private func checkTarget() throws(JobError) {
        switch FileSystem.kind(of: target) {
        case .missing: return
        case .file, .special:
            throw JobError(
                .usage, "\(target) is a file, not a folder", hint: "name a folder with --out")
        case .folder:
            let manifest = Path.join(target, ImportManifest.name)
            let isEmpty = try FileSystem.names(in: target).isEmpty
            if !isEmpty, FileSystem.kind(of: manifest) == .missing {
                throw JobError(
                    .usage, "\(target) holds files that no import wrote",
                    hint: "move them away or name another folder with --out")
            }
        }
    }

    private func read(
        _ file: String, into writer: PartitionedWriter, _ check: QualityCheck,
        _ badRows: inout BadRows
    ) throws {
        var reader = try CSVBlockReader(path: file)
        guard let first = try reader.firstRecord() else {
            throw JobError(
                .usage, "\(file) is empty", hint: "its first line must name the columns")
        }
        let parser = CSVBlockParser(
            schema: source.schema,
            header: try CSVHeader(first, schema: source.schema, path: file),
            options: options.csv, zone: zone)
        while true {
            let blocks = try reader.next(options.workers)
            if blocks.isEmpty { return }
            let results = concurrentMap(count: blocks.count, workers: options.workers) { index in
                let result = parser.parse(blocks[index])
                check.fold(result.batch)
                return result
            }
            for result in results {
                badRows.add(result.faults, file: file)
                if badRows.isBeyondLimit { continue }
                try writer.write(result.batch, times: eventTimes(of: result.batch))
            }
        }
    }

    private func eventTimes(of batch: ColumnBatch) -> Column {
        var batch = batch
        var faults = FaultCounts()
        for column in source.computed {
            batch = batch.appending(
                column.expression.evaluate(batch, faults: &faults), named: column.name)
        }
        return batch[source.eventTime] ?? Column(nullsOf: .timestamp, count: batch.rowCount)
    }
}
