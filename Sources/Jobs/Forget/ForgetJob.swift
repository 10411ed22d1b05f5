import Parquet
import Planning
import Quality
public import Registry
public import Stores
public import Values

// Forgetting: what is ours loses the entity, store after store, each in a step that is whole or
// absent; what is not ours is searched and named. Every step begins with what is there, so a job
// that was killed is finished by running it again, and the same again finds nothing.

/// Removes an entity from every store of a project.
public struct ForgetJob: Sendable {
    let project: Project
    let places: SourcePlaces
    let entity: ForgottenEntity
    let offline: any OfflineStore
    let registry: any RegistryStore
    let isDryRun: Bool
    private let online: (any OnlineStore)?
    let now: EventTime

    /// Prepares the job.
    ///
    /// - Parameters:
    ///   - name: the entity's name.
    ///   - keys: its keys in words, `name=value` each.
    ///   - project: the applied definitions and their folder.
    ///   - places: where batch rows are.
    ///   - online: where states are; nil when there is no such store yet.
    ///   - offline: where rows are.
    ///   - registry: where history is.
    ///   - now: the clock's time, for the records.
    ///   - isDryRun: whether everything is only counted.
    /// - Throws: `usage` for an entity or keys that do not exist.
    public init(
        _ name: String, keys: [String], of project: Project, places: SourcePlaces,
        online: (any OnlineStore)?, offline: any OfflineStore, registry: any RegistryStore,
        now: EventTime, isDryRun: Bool
    ) throws(JobError) {
        guard let plan = project.plan.entities.first(where: { $0.name == name }) else {
            throw unknown("entity", name, among: project.plan.entities.map(\.name))
        }
        entity = try ForgottenEntity(plan, words: keys)
        self.project = project
        self.places = places
        self.online = online
        self.offline = offline
        self.registry = registry
        self.now = now
        self.isDryRun = isDryRun
    }

    /// Runs the job.
    ///
    /// - Throws: `busy` while something is written to a store; what a store refuses. What was
    ///   removed until then stays removed.
    public func run() throws -> ForgetReport {
        var report = ForgetReport(entity: entity.plan.name, isDryRun: isDryRun)
        report.states = try removeStates()
        for (source, alternatives) in sources() {
            let selection = entity.selection(alternatives, of: source)
            let removal = try offline.eventLog(of: source.name)
                .remove(selection, at: now, isDryRun: isDryRun)
            if !removal.isEmpty {
                report.logs.append(.init(source: source.name, removal: removal))
            }
            try removeQuarantine(of: source, selection, &report)
            report.profiles += try removeProfiles(of: source, alternatives)
        }
        report.remainders += try ForgetSearch(job: self, removed: report).remainders()
        return report
    }

    /// The sources that have rows of the entity, and the columns that hold its keys there.
    func sources() -> [(source: SourcePlan, alternatives: [[String]])] {
        project.plan.sources.compactMap { source in
            let alternatives = entity.keyColumns(of: source, in: project.plan)
            return alternatives.isEmpty ? nil : (source, alternatives)
        }
    }

    /// Removes the states of its views, and of views that no definition has any more: whose
    /// entities those were cannot be seen, and nobody can read them.
    private func removeStates() throws -> [String] {
        guard let online else { return [] }
        let names = try online.liveGenerations().map(\.view).filter { name in
            project.plan.view(named: name).map { $0.entity == entity.plan.name } ?? true
        }
        if !isDryRun { return try online.forget(entity.key, of: names) }
        let answers = try online.read(names.map { StoreRequest(view: $0, keys: [entity.key]) })
        return zip(names, answers).filter { $0.1.values != [nil] }.map(\.0)
    }

    /// Writes the files of rows set aside again without the entity's.
    private func removeQuarantine(
        of source: SourcePlan, _ rows: RowSelection, _ report: inout ForgetReport
    ) throws {
        var subjects = [QualityReport.Subject.Identity.source(source.name)]
        subjects += project.plan.views.filter { $0.source.name == source.name }
            .map { .view($0.name) }
        for subject in subjects {
            let folder = Path.join(
                project.folder, "\(QuarantineWriter.folder)/\(subject.folder)")
            guard FileSystem.kind(of: folder) == .folder else { continue }
            for name in try FileSystem.names(in: folder) where name.hasSuffix(".parquet") {
                let file = QuarantineFile(path: Path.join(folder, name))
                do {
                    let count = try file.remove(rows, isDryRun: isDryRun)
                    if count > 0 { report.quarantine.append(.init(path: file.path, rows: count)) }
                } catch let error as JobError where error.code == .usage {
                    report.remainders.append(
                        .init(
                            kind: .quarantine, name: file.path, rows: nil,
                            remedy: "it has other columns than the source; remove the file"))
                }
            }
        }
    }

    /// Removes profiles of the key's columns that hold the key itself.
    private func removeProfiles(
        of source: SourcePlan, _ alternatives: [[String]]
    ) throws -> [String] {
        // The parts of a composite key are values of other entities too.
        guard let value = entity.singleValue else { return [] }
        var removed: [String] = []
        for run in try registry.qualityRuns(of: source.name, latest: .max) {
            for column in run.columns where alternatives.contains([column.name]) {
                guard let type = DataType(parsing: column.type) else { continue }
                let profile = try ColumnProfile(
                    Field(name: column.name, type: type), encoded: column.profile)
                guard profile.names(value) else { continue }
                if !isDryRun {
                    try registry.removeProfile(of: column.name, run: run.number)
                }
                let name = "\(source.name).\(column.name)"
                if !removed.contains(name) { removed.append(name) }
            }
        }
        return removed
    }
}

extension ColumnProfile {
    /// Whether `value` can be read from it.
    fileprivate func names(_ value: Scalar) -> Bool {
        least == value || greatest == value
            || distinct.sorted?.contains { $0.value == value } == true
    }
}
