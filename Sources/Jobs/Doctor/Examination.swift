import DefinitionFiles
import Kafka
import Planning
import Registry
import States
import Stores
import Values

/// What `roost doctor` has seen so far.
struct Examination {
    let folder: String
    let now: EventTime
    let describe: (any Error) -> (message: String, hint: String?)
    var report = DoctorReport()
    private var written: Project?
    private var applied: Project?
    private var registry: (any RegistryStore)?

    init(
        folder: String, now: EventTime,
        describe: @escaping (any Error) -> (message: String, hint: String?)
    ) {
        self.folder = folder
        self.now = now
        self.describe = describe
    }

    /// Runs `body`; its failure is a line.
    mutating func trying<Result>(
        _ subject: String, _ body: () throws -> Result
    ) -> Result? {
        do {
            return try body()
        } catch {
            let (message, hint) = describe(error)
            report.add(subject, .fail, message, remedy: hint)
            return nil
        }
    }

    /// The definition files and pipelines.
    mutating func files() {
        do {
            let (project, pipelines) = try Project.checked(folder: folder)
            written = project
            report.add(
                "definitions", .ok,
                "\(project.plan.views.count) views, \(project.plan.services.count) services and "
                    + "\(pipelines.count) pipelines compile")
        } catch {
            let (message, hint) = describe(error)
            report.add(
                "definitions", .fail, message, remedy: hint ?? "'roost validate' shows where")
        }
    }

    /// The registry, and whether the files are what is applied.
    mutating func registry(of profile: Profile) {
        if case .sqlite(let path) = profile.registry, FileSystem.kind(of: path) != .missing {
            let place = StorePlace(path: path)
            report.add("registry", place.findings(needsLocalDisk: true))
        }
        let opened = trying("registry") { try profile.openExistingRegistry() }
        guard let opened else { return }
        guard let registry = opened else {
            return report.add(
                "registry", .warn, "nothing is applied yet", remedy: "run 'roost apply'")
        }
        self.registry = registry
        applied = trying("registry") { [folder] in try Project(folder: folder, appliedIn: registry)
        }
        guard let applied, let history = trying("registry", { try registry.applyHistory() }) else {
            return
        }
        report.add(
            "registry", .ok, "apply \(history.last?.number ?? 0) of '\(applied.plan.name)' is there"
        )
        guard written != nil else { return }
        let difference = trying("definitions") { try applied.divergenceOfFiles(from: registry) }
        if let difference, let text = difference {
            report.add(
                "definitions", .warn, "the files differ from what is applied: \(text)",
                remedy: "'roost plan' shows how, 'roost apply' applies them")
        } else if difference != nil {
            report.add("definitions", .ok, "the files are what is applied")
        }
    }

    /// The files that sources are read from.
    mutating func sources() {
        for source in (applied ?? written)?.plan.sources ?? [] where source.parquetPath != nil {
            let subject = "source \(source.name)"
            let rows = trying(subject) { [folder] in try ParquetRows(source: source, folder: folder)
            }
            guard let rows else { continue }
            report.add(subject, .ok, "\(rows.files.count) files with \(rows.totalRowCount) rows")
        }
    }

    /// The topics of sources, where the profile says where Kafka is.
    mutating func topics(in profile: Profile) {
        guard profile.kafka != nil,
            let consumer = trying(
                "kafka", { try KafkaConsumer(profile.kafkaSettings(), group: "roost.doctor") })
        else { return }
        let sources = (applied ?? written)?.plan.sources ?? []
        for topic in sources.compactMap({ $0.stream?.topic }) {
            let subject = "topic \(topic)"
            do throws(KafkaError) {
                let partitions = try consumer.partitions(of: topic, milliseconds: 5000)
                report.add(subject, .ok, "it has \(partitions.count) partitions")
            } catch {
                report.add(subject, .fail, error.message, remedy: error.hint)
                // Who cannot be reached for one topic cannot be reached for the next.
                if error.isRetriable { return }
            }
        }
    }

    /// What is live against what is applied, recorded and scheduled.
    mutating func views(in profile: Profile) {
        guard let applied, let registry else { return }
        // That the store cannot be opened is a line of its own.
        guard let store = try? profile.openExistingOnlineStore() else { return }
        for view in applied.plan.views {
            let subject = "view \(view.name)"
            let remedy = "run 'roost materialize \(view.name) --at TIME'"
            let live = trying(subject) { try store.liveGeneration(view: view.name) }
            guard let live else { continue }
            guard let generation = live else {
                report.add(subject, .warn, "it is not in the online store", remedy: remedy)
                continue
            }
            if generation.layout != StateLayout(view).identity {
                report.add(
                    subject, .fail, "it is in the online store as other definitions say",
                    remedy: remedy)
                continue
            }
            let records = trying(subject) { try registry.generations(of: view.name) }
            let record = records?.last { $0.state == .live }
            if let record, record.identity.bytes != generation.identity {
                report.add(
                    subject, .fail,
                    "the online store has it as of \(generation.cut), the registry recorded "
                        + "\(record.cut.map { "\($0)" } ?? "another")",
                    remedy: "the store or the registry was restored or exchanged: \(remedy)")
                continue
            }
            freshness(of: view, generation, remedy)
        }
        strangers(in: store, applied)
    }

    private mutating func freshness(
        of view: ViewPlan, _ generation: Generation, _ remedy: String
    ) {
        let message = "generation \(generation.id), as of \(generation.cut)"
        let state = Freshness(of: view, cut: generation.cut, now: now)
        switch state {
        case .late(let wanted):
            report.add(
                "view \(view.name)", .warn, "\(message); its schedule wants \(wanted)",
                remedy: remedy)
        default: report.add("view \(view.name)", .ok, message)
        }
    }

    private mutating func strangers(in store: any OnlineStore, _ applied: Project) {
        let live = trying("online store") { try store.liveGenerations() } ?? []
        for generation in live where applied.plan.view(named: generation.view) == nil {
            report.add(
                "online store", .warn,
                "it has \(generation.entities) states of a view '\(generation.view)', which is not "
                    + "applied",
                remedy: "give each project a store of its own; states of a view that was removed "
                    + "only take space")
        }
    }

    /// Logs of sources that no definition has.
    mutating func logs(in profile: Profile) {
        guard let applied, let store = try? profile.openOfflineStore() else { return }
        for name in (try? store.sources()) ?? [] where applied.plan.source(named: name) == nil {
            report.add(
                "offline store", .warn, "it has rows of a source '\(name)', which is not applied",
                remedy: "remove them if nobody needs them")
        }
    }

    /// Whether the models that aliases are on can serve.
    mutating func models() {
        guard let applied, let registry else { return }
        let aliases = trying("models") { try registry.aliases() } ?? []
        for move in aliases {
            let subject = "alias \(move.alias)"
            guard let found = trying(subject, { try registry.model(move.package) }),
                let model = found
            else { continue }
            let service = applied.plan.services.first { $0.name == model.service }
            let short = move.package.description.prefix(12)
            if let service, service.identity == model.serviceIdentity {
                report.add(subject, .ok, "the model \(short) fits service '\(service.name)'")
            } else {
                report.add(
                    subject, .fail,
                    "the model \(short) was trained on other features than service "
                        + "'\(model.service)' has",
                    remedy: "train it again, or 'roost rollback \(move.alias)'")
            }
        }
    }
}
