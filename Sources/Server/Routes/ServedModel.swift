import Columns
import Lookup
public import Planning
import Stores
public import Trainer
import Values

/// A model that is ready to be asked: the service it was trained on, and its trees.
///
/// A model whose features are not the live ones is refused, with the feature that differs; the
/// server answers everything else all the same.
public struct ServedModel: Sendable {
    /// By which it is asked: the pipeline that trained it, or an alias.
    public let name: String
    /// Why it does not predict; nil when it does.
    public let refusal: String?
    private let version: String
    private let predictor: Predictor?
    private let lookup: PreparedLookup?
    private let store: ServedStore

    /// Loads a model.
    ///
    /// - Parameters:
    ///   - name: by which it is asked.
    ///   - word: which one, in the words of `ModelStore.package(named:)`; the name unless given.
    ///   - plan: the definitions, whose service must be the one the model was trained on.
    ///   - store: where its features are.
    ///   - models: where the model is.
    public init(
        name: String, package word: String? = nil, plan: ProjectPlan, store: ServedStore,
        models: ModelStore
    ) {
        self.name = name
        self.store = store
        do {
            let package = try models.package(named: word ?? name)
            guard let service = plan.services.first(where: { $0.name == package.service }) else {
                throw TrainerError(
                    .mismatch, "there is no service '\(package.service)', which it was trained on")
            }
            try package.check(against: service)
            predictor = try Predictor(package)
            lookup = PreparedLookup(service)
            version = package.digest
            refusal = nil
        } catch {
            predictor = nil
            lookup = nil
            version = ""
            refusal = "the model '\(name)' is refused: \(error)"
        }
    }

    /// One prediction per entity, from the features as they are online.
    func predict(
        _ request: PredictionRequest
    ) throws(ServiceError) -> StoreQuestion<PredictionResponse> {
        guard let predictor, let lookup else { throw ServiceError(.conflict, refusal ?? name) }
        let inputs = try lookup.inputs(
            request.entities, count: request.entityCount, now: request.now)
        return inputs.question(to: store).map { [name, version] batch throws(ServiceError) in
            do {
                let predictions = try predictor.predictions(for: batch)
                return PredictionResponse(
                    model: name, version: version, predictions: predictions.map { Double($0) })
            } catch {
                throw ServiceError(.fault, "\(error)")
            }
        }
    }
}
