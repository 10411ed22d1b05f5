import Arguments
import DefinitionFiles
import Dispatch
import Jobs
import Planning
import Registry
import Server
import Stores
import TLS
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
        let store = try profile.openExistingOnlineStore(project: project.plan.name)
        let registry = try profile.openRegistry()
        try project.requireNewest(project.plan.views, in: store, registry: registry)
        return try service(project, ServedStore(store), registry)
    }

    /// Reads everything again, off the loops, and answers by it; what is there stays when that
    /// fails.
    func reload(into places: [ReplaceableService], of server: HTTPServer) {
        queue.async {
            do {
                let (service, tls) = (try load(), try tls())
                for place in places { place.replace(with: service) }
                if let tls { server.show(tls) }
                console.complain("reloaded")
            } catch {
                Failure(error).tell(console)
                console.complain("not reloaded: answers are as before")
            }
        }
    }

    /// Who the server is, for clients that speak TLS; nil when they speak in the clear.
    func tls() throws -> TLSContext? {
        let (certificate, key) = (arguments.value("--tls-cert"), arguments.value("--tls-key"))
        let authority = arguments.value("--tls-client-ca")
        guard let certificate, let key else {
            if certificate == nil, key == nil, authority == nil { return nil }
            throw ArgumentError(
                "TLS needs a certificate and its key", hint: "write --tls-cert FILE --tls-key FILE")
        }
        return try TLSContext(
            serverWith: TLSIdentity(certificatePath: certificate, keyPath: key),
            clientsSignedBy: authority.map { .file(path: $0) })
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
        guard arguments.has("--allow-writes") else {
            return StoredFeatureService(plan: project.plan, store: store, models: served)
        }
        return StoredFeatureService(plan: project.plan, store: store, models: served) {
            request throws(ServiceError) in
            do {
                try materialize(request)
            } catch {
                throw Failure(error).serviceError
            }
        }
    }

    /// Does what `roost materialize` does; nothing to do is fine.
    private func materialize(_ request: MaterializationRequest) throws {
        let project = try arguments.appliedProject(console)
        let profile = try arguments.profile()
        var options = try MaterializeOptions(
            time: request.end,
            spillFolder: profile.spillFolder(projectFolder: project.folder))
        options.from = request.start
        var generator = SystemRandomNumberGenerator()
        _ = try MaterializeJob(
            project: project, views: project.views(named: request.views),
            stores: profile.openStores(project: project.plan.name),
            databases: profile.databases, owner: .current(using: &generator), now: Machine.now,
            options: options
        ).run()
    }
}
