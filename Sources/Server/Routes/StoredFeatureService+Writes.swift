import Planning
import Stores
import Values

extension StoredFeatureService {
    /// Writes rows beside what is materialized; see `FeatureService`.
    public func write(_ request: WriteRequest) throws(ServiceError) -> ServiceTask {
        _ = try allowedMaterializer()
        var parts: [(writer: ViewWriter, writes: EntityWrites)] = []
        switch request.target {
        case .view(let name):
            let writer = try writer(of: name)
            parts.append((writer, try writer.writes(ofFeatures: request)))
        case .source(let name):
            let writers = try writers(of: name)
            // A row belongs to all views of its source or to none.
            for writer in writers { try writer.checkIsWritable() }
            for writer in writers {
                parts.append((writer, try writer.writes(ofRows: request)))
            }
        }
        return ServiceTask { [store, parts] () throws(ServiceError) in
            for (writer, writes) in parts {
                do throws(StoreError) {
                    try store.store.write(writes, merging: writer.merge)
                } catch {
                    throw ServiceError(.unavailable, error.description)
                }
            }
        }
    }

    /// Materializes views; see `FeatureService`.
    public func materialize(
        _ request: MaterializationRequest
    ) throws(ServiceError) -> ServiceTask {
        let materializer = try allowedMaterializer()
        for view in request.views { _ = try writer(of: view) }
        return ServiceTask { () throws(ServiceError) in try materializer(request) }
    }

    private func allowedMaterializer() throws(ServiceError) -> Materializer {
        guard let materializer else {
            throw ServiceError(
                .notSupported, "this server only reads: start it with --allow-writes")
        }
        return materializer
    }

    private func writer(of view: String) throws(ServiceError) -> ViewWriter {
        if let writer = writers.first(where: { $0.view.name == view }) { return writer }
        let guess = nearestName(to: view, among: writers.map(\.view.name))
        throw ServiceError(
            .unknownView,
            "Feature view \(view) does not exist" + (guess.map { "; is it \($0)?" } ?? ""))
    }

    /// The writers of all views of a source.
    private func writers(of source: String) throws(ServiceError) -> [ViewWriter] {
        let found = writers.filter { $0.view.source.name == source }
        if !found.isEmpty { return found }
        let guess = nearestName(to: source, among: writers.map(\.view.source.name))
        throw ServiceError(
            .unknownName,
            "there is no source '\(source)' with views" + (guess.map { "; is it '\($0)'?" } ?? ""))
    }
}
