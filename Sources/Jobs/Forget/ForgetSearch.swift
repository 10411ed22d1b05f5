import Parquet
import Planning
import Registry
import Stores
import Values

/// What has rows of an entity, or was made of them, and is not ours to change.
struct ForgetSearch {
    private let job: ForgetJob
    private let removed: ForgetReport

    private var project: Project { job.project }
    private var entity: ForgottenEntity { job.entity }

    /// - Parameters:
    ///   - job: who is forgotten, and where.
    ///   - removed: what was removed.
    init(job: ForgetJob, removed: ForgetReport) {
        self.job = job
        self.removed = removed
    }

    /// Searches everything.
    func remainders() throws -> [ForgetReport.Remainder] {
        var held: Set<String> = []
        let files = try sourceFiles(&held)
        let sets = try dataSets()
        return try files + spineFiles() + views(held: held)
            + sets.map(\.remainder).filter { $0.rows != 0 } + models(sets) + unknownLogs()
    }

    /// What sources are read from and has rows of the entity; `held` gets the sources' names.
    private func sourceFiles(_ held: inout Set<String>) throws -> [ForgetReport.Remainder] {
        var found: [ForgetReport.Remainder] = []
        for (source, alternatives) in job.sources() {
            for (path, rows) in try files(of: source, alternatives) {
                held.insert(source.name)
                found.append(
                    .init(
                        kind: source.parquetPath == nil ? .sourceTable : .sourceFile, name: path,
                        rows: rows, remedy: "remove these rows, or materializing reads them again"))
            }
        }
        return found
    }

    /// What spines of pipelines are read from, where the entity stands in columns that no view
    /// reads as its keys.
    private func spineFiles() throws -> [ForgetReport.Remainder] {
        let removed = Dictionary(
            uniqueKeysWithValues: job.sources().map { ($0.source.name, $0.alternatives) })
        var found: [ForgetReport.Remainder] = []
        for path in try project.pipelinePaths() {
            let pipeline = try project.pipeline(at: path)
            let name = pipeline.spine.source.name
            guard let source = project.plan.source(named: name) else { continue }
            let alternatives = entity.spineColumns(of: pipeline.service).filter {
                removed[name]?.contains($0) != true
            }
            if alternatives.isEmpty { continue }
            var here = try files(of: source, alternatives).map { path, rows in
                ForgetReport.Remainder(
                    kind: .spineFile, name: path, rows: rows,
                    remedy: "remove these rows, or data sets have them again")
            }
            let selection = entity.selection(alternatives, of: source)
            let logged = try job.offline.eventLog(of: name)
                .remove(selection, at: job.now, isDryRun: true)
            if !logged.isEmpty {
                let columns = alternatives.map { $0.joined(separator: ", ") }
                here.append(
                    .init(
                        kind: .eventLog, name: name, rows: logged.rows + logged.replacedRows,
                        remedy: "it stands in \(columns.joined(separator: "; ")), which no view "
                            + "reads as '\(entity.plan.name)': give the source such a view"))
            }
            found += here.filter { one in !found.contains { $0.name == one.name } }
        }
        return found
    }

    /// The files of a source that have rows of the entity in `alternatives`, and how many.
    private func files(
        of source: SourcePlan, _ alternatives: [[String]]
    ) throws -> [(path: String, rows: Int)] {
        if source.batch == nil || alternatives.isEmpty { return [] }
        if let path = source.parquetPath,
            FileSystem.kind(of: Path.join(project.folder, path)) == .missing
        {
            return []
        }
        let rows = try job.places.rows(of: source)
        let counts = try entity.selection(alternatives, of: source).counts(in: rows)
        if let table = source.postgresRows {
            let sum = counts.reduce(0, +)
            return sum == 0 ? [] : [("\(table)", sum)]
        }
        var sums = Array(repeating: 0, count: rows.files.count)
        for (chunk, count) in counts.enumerated() { sums[rows.file(ofChunk: chunk)] += count }
        return zip(rows.files, sums).filter { $0.1 > 0 }.map { ($0.0.parquet.path, $0.1) }
    }

    /// The views in whose states of other entities the rows were counted.
    private func views(held: Set<String>) -> [ForgetReport.Remainder] {
        let sources = held.union(removed.logs.map(\.source))
        return project.plan.views.filter { view in
            sources.contains(view.source.name)
                && (view.entity != entity.plan.name
                    || entity.keyColumns(of: view.source, in: project.plan).count > 1)
        }.map { view in
            .init(
                kind: .view, name: view.name, rows: nil,
                remedy: "its states of others may count these rows until "
                    + "'roost materialize \(view.name)' reads files without them")
        }
    }

    private struct FoundSet {
        let record: DataSetRecord
        let remainder: ForgetReport.Remainder
    }

    /// Every data set of a service that uses the entity.
    private func dataSets() throws -> [FoundSet] {
        try job.registry.dataSets().compactMap { record in
            let service = project.plan.services.first { $0.name == record.service }
            let columns = service.map(entity.spineColumns)
            if columns?.isEmpty == true { return nil }
            let rows = try columns.flatMap { try count(in: record, $0) }
            return FoundSet(
                record: record,
                remainder: .init(
                    kind: .dataSet, name: record.path, rows: rows,
                    remedy: rows == nil
                        ? "it is not there any more; remove copies of it"
                        : "remove it, or build it again from files without these rows"))
        }
    }

    /// How many rows of the entity the data set has; nil when it is not there any more.
    private func count(in record: DataSetRecord, _ columns: [[String]]) throws -> Int? {
        let places = [record.path, Path.join(project.folder, record.path)]
        guard let path = places.first(where: { FileSystem.kind(of: $0) == .file }),
            try DatasetManifest.read(of: path)?["identity"]?.text == record.identity.description
        else { return nil }
        let rows = try ParquetRows(path: path, subject: "the data set")
        let selection = entity.selection(columns)
        try rows.check(selection.schema)
        return try selection.counts(in: rows).reduce(0, +)
    }

    /// The models that were trained on such a data set, or on one that is not there any more.
    private func models(_ sets: [FoundSet]) throws -> [ForgetReport.Remainder] {
        let aliases = try job.registry.aliases()
        return try job.registry.models().compactMap { model in
            let service = project.plan.services.first { $0.name == model.service }
            if service.map(entity.spineColumns)?.isEmpty == true { return nil }
            let set = sets.last { $0.record.identity == model.dataSet }
            if set?.remainder.rows == 0 { return nil }
            let names = aliases.filter { $0.package == model.package }.map(\.alias)
            let isSure = set?.remainder.rows != nil
            let serving = names.isEmpty ? "" : "; \(names.joined(separator: ", ")) is on it"
            return .init(
                kind: .model, name: model.path, rows: set?.remainder.rows,
                remedy: (isSure ? "" : "it may have learned from it: ")
                    + "train it again on a data set without the entity, promote that, and "
                    + "remove the folder\(serving)")
        }
    }

    /// The logs of sources that no definition has any more.
    private func unknownLogs() throws -> [ForgetReport.Remainder] {
        try job.offline.sources().filter { project.plan.source(named: $0) == nil }.map { name in
            .init(
                kind: .eventLog, name: name, rows: nil,
                remedy: "no definition has this source, so its keys are not known: remove its "
                    + "folder in the lake, or its table")
        }
    }
}

extension ForgottenEntity {
    /// The columns of the spines and data sets of `service` that hold the entity's keys.
    fileprivate func spineColumns(of service: ServicePlan) -> [[String]] {
        var alternatives: [[String]] = []
        for lookup in service.lookups where lookup.view.entity == plan.name {
            if !alternatives.contains(lookup.spineColumns) {
                alternatives.append(lookup.spineColumns)
            }
        }
        return alternatives
    }
}
