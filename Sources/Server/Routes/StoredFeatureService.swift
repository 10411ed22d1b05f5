import Columns
import Lookup
public import Planning
import States
import Stores
import Values

/// Answers features from the online store. Everything that a request needs is prepared when it is
/// made: no request looks into a registry or plans anything.
public struct StoredFeatureService: FeatureService {
    let store: ServedStore
    private let viewNames: [String]
    private let services: [String: PreparedLookup]
    private let views: [String: PreparedLookup]
    private let models: [String: ServedModel]
    let writers: [ViewWriter]
    let materializer: Materializer?

    /// Materializes views; throws what a client is told.
    public typealias Materializer =
        @Sendable (MaterializationRequest) throws(ServiceError) -> Void

    /// Prepares every service and every view of `plan`, as they lie in `store`, and `models`.
    ///
    /// - Parameters:
    ///   - plan: what is served.
    ///   - store: where states are.
    ///   - models: what predicts.
    ///   - materializer: how views are materialized; nil when clients may not write.
    public init(
        plan: ProjectPlan, store: ServedStore, models: [ServedModel] = [],
        materializer: Materializer? = nil
    ) {
        self.store = store
        self.materializer = materializer
        writers = plan.views.map { view in
            let source = plan.sources.first { $0.name == view.source.name }
            return ViewWriter(
                view, sourceColumns: (source ?? view.source).schema.fields.map(\.name))
        }
        self.models = Dictionary(models.map { ($0.name, $0) }) { first, _ in first }
        viewNames = plan.views.map(\.name)
        let services = plan.services.map { ($0.name, PreparedLookup($0)) }
        self.services = Dictionary(uniqueKeysWithValues: services)
        let views = plan.views.map { view in
            let service = ServicePlan(allFeaturesOf: view, project: plan.name)
            return (view.name, PreparedLookup(service))
        }
        self.views = Dictionary(uniqueKeysWithValues: views)
    }

    /// Answers from the states of the live generations; see `FeatureService`.
    public func onlineFeatures(
        _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> StoreQuestion<OnlineFeaturesResponse> {
        let lookup =
            switch request.asked {
            case .service(let name): try service(name, request)
            case .features(let names): try features(names, request)
            }
        return lookup.question(to: store).map(Self.refuseTwins)
    }

    /// Looks the features of the model's service up and predicts.
    public func predict(
        _ request: PredictionRequest
    ) throws(ServiceError) -> StoreQuestion<PredictionResponse> {
        guard let model = models[request.model] else {
            let guess = nearestName(to: request.model, among: Array(models.keys))
            throw ServiceError(
                .unknownName,
                "there is no model '\(request.model)'"
                    + (guess.map { "; is it '\($0)'?" }
                        ?? "; 'roost train' makes one; the server reads it on SIGHUP, or when it is started")
            )
        }
        return try model.predict(request)
    }

    /// Reads the pointers of the live generations.
    public func checkHealth() -> StoreQuestion<Void> {
        StoreQuestion(pointers, of: store) { stored throws(ServiceError) in _ = try read(stored) }
    }

    /// What is live, as of when; nothing while the store cannot be read.
    public func metrics() -> StoreQuestion<[ServiceMetric]> {
        StoreQuestion(pointers, of: store) { [viewNames] stored in
            guard case .success(let answers) = stored else { return [] }
            return zip(viewNames, answers).compactMap { view, answer in
                guard let generation = answer.generation else { return nil }
                return ServiceMetric(
                    "view_cut_seconds", help: "What time a view is true as of, since 1970.",
                    labels: ["view": view], value: Double(generation.cut.microseconds) / 1e6)
            }
        }
    }

    /// The generations of all views, and no state.
    private var pointers: [StoreRequest] { viewNames.map { StoreRequest(view: $0, keys: []) } }

    private static func refuseTwins(
        in response: OnlineFeaturesResponse
    ) throws(ServiceError) -> OnlineFeaturesResponse {
        var seen: Set<String> = Set(response.keys)
        for feature in response.features where !seen.insert(feature.name).inserted {
            throw ServiceError(
                .badRequest,
                "two columns of the answer are called '\(feature.name)': ask with "
                    + "\"full_feature_names\": true")
        }
        return response
    }

    private func service(
        _ name: String, _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> PlannedLookup<OnlineFeaturesResponse> {
        guard let service = services[name] else {
            let guess = nearestName(to: name, among: Array(services.keys))
            throw ServiceError(
                .unknownService,
                "Feature service \(name) does not exist" + (guess.map { "; is it \($0)?" } ?? ""))
        }
        return try service.question(request, wanted: nil)
    }

    /// Single features: one lookup per view, all read at one moment, in the order in which they
    /// are asked.
    private func features(
        _ names: [String], _ request: OnlineFeaturesRequest
    ) throws(ServiceError) -> PlannedLookup<OnlineFeaturesResponse> {
        var wanted: [(view: PreparedLookup, features: [(place: Int, feature: Int)])] = []
        var places: [String: Int] = [:]
        for (place, name) in names.enumerated() {
            let (view, feature) = try find(name)
            let viewName = view.name
            if places[viewName] == nil {
                places[viewName] = wanted.count
                wanted.append((view, []))
            }
            wanted[places[viewName] ?? 0].features.append((place, feature))
        }
        var parts: [(lookup: PlannedLookup<OnlineFeaturesResponse>, places: [Int])] = []
        for (view, features) in wanted {
            let lookup = try view.question(request, wanted: features.map(\.feature))
            parts.append((lookup, features.map(\.place)))
        }
        return PlannedLookup(joining: parts)
    }

    private func find(_ name: String) throws(ServiceError) -> (PreparedLookup, Int) {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ServiceError(.badRequest, "'\(name)' is no feature: write view:feature")
        }
        guard let view = views[parts[0]] else {
            let guess = nearestName(to: parts[0], among: viewNames)
            throw ServiceError(
                .unknownView,
                "Feature view \(parts[0]) does not exist" + (guess.map { "; is it \($0)?" } ?? ""))
        }
        guard let feature = view.shortNames.firstIndex(of: parts[1]) else {
            let guess = nearestName(to: parts[1], among: view.shortNames)
            throw ServiceError(
                .unknownName,
                "Feature view \(parts[0]) has no feature \(parts[1])"
                    + (guess.map { "; is it \($0)?" } ?? ""))
        }
        return (view, feature)
    }
}

extension ServicePlan {
    /// All features of one view, asked by the entity's own keys.
    fileprivate init(allFeaturesOf view: ViewPlan, project: String) {
        let features = (0..<view.features.count).map { index in
            ServiceFeature(
                lookup: 0, feature: index, column: "\(view.name)__\(view.features.names[index])",
                shortName: view.features.names[index], type: view.features.types[index],
                digest: view.features.digests[index])
        }
        self.init(
            project: project, name: view.name,
            lookups: [Lookup(view: view, spineColumns: view.keys.map(\.name), role: nil)],
            request: [], features: features, derived: [])
    }
}

extension PlannedLookup<OnlineFeaturesResponse> {
    /// Several lookups as one, whose features go to the `places` of each.
    fileprivate init(joining parts: [(lookup: Self, places: [Int])]) {
        self.init(requests: parts.flatMap(\.lookup.requests)) { stored throws(ServiceError) in
            var rest = stored
            var keys: [String] = []
            var features: [Int: OnlineFeaturesResponse.Feature] = [:]
            for (lookup, places) in parts {
                let answer = try lookup.answer(rest.prefix(lookup.requests.count))
                rest = rest.dropFirst(lookup.requests.count)
                keys += answer.keys.filter { !keys.contains($0) }
                for (place, feature) in zip(places, answer.features) { features[place] = feature }
            }
            return OnlineFeaturesResponse(
                keys: keys, features: features.keys.sorted().compactMap { features[$0] })
        }
    }
}
