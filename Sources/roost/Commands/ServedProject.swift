import Arguments
import Dispatch
import Jobs
import Planning
import Registry
import Server
import Stores
import Trainer

/// What `roost serve` answers from: the applied definitions, the models and their aliases.
struct ServedProject {
    let arguments: ParsedArguments
    let console: Console
    private let queue = DispatchQueue(label: "roost.reload")

    init(arguments: ParsedArguments, console: Console) {
        self.arguments = arguments
        self.console = console
    }

    /// Reads everything that answers need, and says which models are refused.
    func load() throws -> StoredFeatureService {
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        return try service(
            project, ServedStore(profile.openExistingOnlineStore()), profile.openRegistry())
    }

    /// Reads everything again, off the loops, and answers by it; what is there stays when that
    /// fails.
    func reload(into places: [ReplaceableService]) {
        queue.async {
            do {
                let service = try load()
                for place in places { place.replace(with: service) }
                console.complain("reloaded")
            } catch {
                Failure(error).tell(console)
                console.complain("not reloaded: answers are as before")
            }
        }
    }

    private func service(
        _ project: Project, _ store: ServedStore, _ registry: any RegistryStore
    ) throws -> StoredFeatureService {
        let models = ModelStore(folder: project.folder)
        var served = try registry.aliases().map { move in
            ServedModel(
                name: move.alias, package: move.package.description, plan: project.plan,
                store: store, models: models)
        }
        served += try models.pipelines().map { name in
            ServedModel(name: name, plan: project.plan, store: store, models: models)
        }
        for refusal in served.compactMap(\.refusal) { console.complain(refusal) }
        return StoredFeatureService(plan: project.plan, store: store, models: served)
    }
}
